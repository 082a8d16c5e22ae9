"""The rule a new installation begins with: who has a green channel is served by its representative."""


def seed(*, rules):
    if not rules.objects.exists():
        rules.objects.create(
            position=1, name="绿色通道客户由其代表受理", name_en="Green channel: its representative", green=True, target="rep"
        )
