"""The vocabulary of a made-up province. Chinese and English side by side; every name is invented, any likeness is chance."""

PROVINCE = ("云川省电力公司", "Yunchuan Provincial Power")
CITIES = [
    ("青澜", "Qinglan"), ("云台", "Yuntai"), ("临川", "Linchuan"), ("海宁湾", "Haining Bay"), ("平湖口", "Pinghukou"), ("永安岭", "Yong'an Ridge"),
    ("南塘", "Nantang"), ("白鹭", "Bailu"), ("金沙渡", "Jinshadu"), ("东屏", "Dongping"), ("松溪口", "Songxikou"), ("石桥", "Shiqiao"),
]  # fmt: skip
COUNTIES = [
    ("城东", "East"), ("滨江", "Riverside"), ("高新", "High-Tech"), ("城西", "West"), ("云溪", "Yunxi"), ("龙山", "Longshan"), ("新港", "Newport"),
    ("湖畔", "Lakeside"), ("北苑", "North Park"), ("南山", "Southhill"), ("清河", "Qinghe"), ("凤鸣", "Fengming"),
]  # fmt: skip
STATIONS = [
    ("城关", "Chengguan", "urban"), ("解放路", "Jiefang Road", "urban"), ("工业园", "Industrial Park", "urban"), ("开发区", "Development Zone", "urban"),
    ("河口", "Hekou", "rural"), ("柳林", "Liulin", "rural"), ("三桥", "Sanqiao", "urban"), ("青石", "Qingshi", "rural"), ("云岭", "Yunling", "remote"),
    ("大塘", "Datang", "rural"), ("新民", "Xinmin", "urban"), ("沙坪", "Shaping", "rural"), ("枫桥", "Fengqiao", "rural"), ("黄岩头", "Huangyantou", "remote"),
    ("临港", "Harbour", "urban"), ("东湖", "East Lake", "urban"), ("梅园", "Meiyuan", "urban"), ("石门", "Shimen", "rural"), ("双溪", "Shuangxi", "rural"),
    ("岭上", "Lingshang", "remote"),
]  # fmt: skip
STREETS = [
    ("解放路", "Jiefang Rd"), ("人民路", "Renmin Rd"), ("建设大道", "Jianshe Ave"), ("工业一路", "Industry 1st Rd"), ("工业三路", "Industry 3rd Rd"),
    ("滨河路", "Binhe Rd"), ("学府街", "Xuefu St"), ("文化路", "Wenhua Rd"), ("新华路", "Xinhua Rd"), ("中山路", "Zhongshan Rd"), ("迎宾路", "Yingbin Rd"),
    ("科技路", "Keji Rd"), ("创业街", "Chuangye St"), ("青年路", "Qingnian Rd"), ("园区大道", "Park Ave"), ("湖滨路", "Hubin Rd"), ("站前路", "Zhanqian Rd"),
    ("和平里", "Heping Lane"), ("花园小区", "Garden Estate"), ("江畔新村", "Riverbank Village"),
]  # fmt: skip
SURNAMES = [
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"), ("赵", "Zhao"), ("黄", "Huang"), ("周", "Zhou"),
    ("吴", "Wu"), ("徐", "Xu"), ("孙", "Sun"), ("胡", "Hu"), ("朱", "Zhu"), ("高", "Gao"), ("林", "Lin"), ("何", "He"), ("郭", "Guo"), ("马", "Ma"),
    ("罗", "Luo"), ("梁", "Liang"), ("宋", "Song"), ("郑", "Zheng"), ("谢", "Xie"), ("韩", "Han"), ("唐", "Tang"), ("冯", "Feng"), ("于", "Yu"),
    ("董", "Dong"), ("萧", "Xiao"), ("程", "Cheng"), ("袁", "Yuan"), ("邓", "Deng"), ("许", "Xu"), ("傅", "Fu"), ("沈", "Shen"), ("彭", "Peng"),
    ("吕", "Lü"), ("苏", "Su"), ("卢", "Lu"),
]  # fmt: skip
GIVEN = [
    ("伟", "Wei"), ("芳", "Fang"), ("娜", "Na"), ("敏", "Min"), ("静", "Jing"), ("丽", "Li"), ("强", "Qiang"), ("磊", "Lei"), ("洋", "Yang"), ("艳", "Yan"),
    ("勇", "Yong"), ("军", "Jun"), ("杰", "Jie"), ("涛", "Tao"), ("明", "Ming"), ("超", "Chao"), ("秀英", "Xiuying"), ("建国", "Jianguo"),
    ("建华", "Jianhua"), ("志强", "Zhiqiang"), ("海燕", "Haiyan"), ("晓东", "Xiaodong"), ("晓敏", "Xiaomin"), ("文博", "Wenbo"), ("思远", "Siyuan"),
    ("佳怡", "Jiayi"), ("子涵", "Zihan"), ("雨桐", "Yutong"), ("浩然", "Haoran"), ("梓萱", "Zixuan"), ("国栋", "Guodong"), ("春梅", "Chunmei"),
    ("玉兰", "Yulan"), ("桂英", "Guiying"), ("德明", "Deming"), ("立新", "Lixin"), ("鹏", "Peng"), ("婷", "Ting"), ("雪", "Xue"), ("宇", "Yu"),
]  # fmt: skip
BRANDS = [
    ("华鑫", "Huaxin"), ("永泰", "Yongtai"), ("恒达", "Hengda"), ("金源", "Jinyuan"), ("瑞丰", "Ruifeng"), ("鼎盛", "Dingsheng"), ("宏图", "Hongtu"),
    ("东升", "Dongsheng"), ("正阳", "Zhengyang"), ("天成", "Tiancheng"), ("科锐", "Kerui"), ("信诚", "Xincheng"), ("广源", "Guangyuan"), ("新宇", "Xinyu"),
    ("联创", "Lianchuang"), ("德邻", "Delin"), ("嘉和", "Jiahe"), ("兴业", "Xingye"), ("星辰", "Xingchen"), ("海格", "Haige"), ("博远", "Boyuan"),
    ("锦程", "Jincheng"), ("润泽", "Runze"), ("百川", "Baichuan"), ("凯旋", "Kaixuan"), ("万通", "Wantong"), ("盛世", "Shengshi"), ("中控", "Zhongkong"),
    ("九州", "Jiuzhou"), ("同济", "Tongji"), ("安捷", "Anjie"), ("绿野", "Greenfield"), ("兰亭", "Lanting"), ("翔宇", "Xiangyu"), ("振华", "Zhenhua"),
    ("福临", "Fulin"), ("双喜", "Shuangxi"), ("腾飞", "Tengfei"), ("汇丰源", "Huifengyuan"), ("康宁", "Kangning"),
]  # fmt: skip
COMPANY = (("有限公司", "Co., Ltd."), ("股份有限公司", "Joint-Stock Co."), ("有限责任公司", "LLC"))

# industry (GB/T 4754 letter and digits), Chinese, English, categories it is found in: I large industrial, G general, A agricultural, E EV, O other
TRADES = [
    ("C3391", "精密铸造", "Precision Casting", "I"), ("C3311", "金属结构", "Metal Structures", "IG"), ("C2641", "涂料", "Coatings", "I"),
    ("C3011", "水泥", "Cement", "I"), ("C1751", "化纤织造", "Synthetic Weaving", "I"), ("C2221", "造纸", "Paper Mill", "I"),
    ("C2927", "塑料制品", "Plastics", "IG"), ("C3670", "汽车零部件", "Auto Parts", "I"), ("C3982", "电子电路", "Circuit Boards", "I"),
    ("C3843", "锂电材料", "Battery Materials", "I"), ("C1353", "肉制品", "Meat Processing", "IG"), ("C2710", "医药制造", "Pharmaceuticals", "I"),
    ("C3130", "钢压延", "Steel Rolling", "I"), ("C3252", "铝压延", "Aluminium Rolling", "I"), ("C3061", "玻璃纤维", "Glass Fibre", "I"),
    ("I6450", "数据中心", "Data Centre", "I"), ("G5941", "冷链物流", "Cold Chain Logistics", "IG"), ("D4620", "污水处理", "Water Treatment", "I"),
    ("H6110", "酒店", "Hotel", "G"), ("F5212", "超市", "Supermarket", "G"), ("F5291", "购物中心", "Shopping Centre", "G"), ("H6210", "餐饮", "Catering", "G"),
    ("K7020", "物业管理", "Property Management", "G"), ("L7211", "企业服务", "Business Services", "G"), ("O8211", "汽车维修", "Car Repair", "G"),
    ("C2110", "木质家具", "Furniture", "G"), ("C1819", "服装", "Garments", "G"), ("R8930", "健身", "Fitness", "G"), ("C2319", "印刷", "Printing", "G"),
    ("F5126", "食品批发", "Food Wholesale", "G"), ("J6620", "商业保理", "Factoring", "G"), ("P8341", "培训", "Training", "G"),
    ("A0141", "蔬菜种植", "Vegetable Growing", "A"), ("A0412", "水产养殖", "Fish Farming", "A"), ("A0313", "生猪养殖", "Pig Farming", "A"),
    ("A0519", "农业灌溉", "Irrigation", "A"), ("A0151", "果品种植", "Orchards", "A"),
    ("L7119", "充电运营", "EV Charging", "E"), ("G5449", "公交场站", "Bus Depot", "E"),
    ("N7810", "市政照明", "Street Lighting", "O"), ("I6312", "通信基站", "Mobile Base Stations", "O"),
]  # fmt: skip
INSTITUTIONS = [
    ("Q8411", "第一人民医院", "First People's Hospital"), ("P8334", "实验中学", "Experimental High School"), ("S9221", "行政服务中心", "Civic Service Centre"),
    ("Q8412", "中医院", "Hospital of Chinese Medicine"), ("P8341", "职业技术学院", "Vocational College"), ("R8850", "体育中心", "Sports Centre"),
    ("D4610", "自来水厂", "Waterworks"), ("G5333", "客运站", "Coach Station"),
]  # fmt: skip
RETAILERS = [
    ("云电能源销售", "Yundian Energy Sales"),
    ("绿能售电", "Lvneng Retail Power"),
    ("华川电力交易", "Huachuan Power Trading"),
    ("新源售电", "Xinyuan Retail"),
]
