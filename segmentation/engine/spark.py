"""The engine's tables on Spark: the same expressions, run by a cluster (or by `local[n]` in this process). Optional: needs pyspark and Java.

Features, which read every bill, run where the tables live. What they leave, one row an account, comes back and is judged as ever.
"""

from collections.abc import Mapping
from functools import cache
from urllib.parse import urlparse

# Small machines and one query at a time: plans are long, data a few rows an account. The generated code of so many columns passes what the
# JVM compiles, so it is not tried. The zone of the session is left to be the process's own: a moment written in Python passes through it.
SETTINGS = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.ansi.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
LOCAL = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "4"}


class NoSpark(RuntimeError):
    """ENGINE_URL asks for Spark and there is none here."""


def is_spark(url: str) -> bool:
    return url.startswith(("spark://", "local[")) or url == "local"


@cache
def session(url: str):
    """The Spark session of this process. `url`: `spark://host:7077`, `local[2]`. Raises `NoSpark`."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise NoSpark(
            "ENGINE_URL asks for Spark, and pyspark is not installed: `make spark` installs it (Java 17 or newer is needed)."
        ) from error
    builder = SparkSession.builder.appName("greenlane").master(url)
    for name, value in (SETTINGS | (LOCAL if urlparse(url).scheme != "spark" else {})).items():
        builder = builder.config(name, value)
    try:
        made = builder.getOrCreate()
    except Exception as error:
        raise NoSpark(f"Spark at {url} did not start: {str(error)[:300]}") from error
    made.sparkContext.setLogLevel("FATAL")
    _teach_minutes()
    return made


def open_files(url: str, files: Mapping[str, list[str]]) -> dict:
    """The engine's tables as Spark frames over the lake's Parquet files: what `segmentation.engine.features.compute` takes."""
    spark = session(url)
    return {table: spark.read.parquet(*map(_for_hadoop, paths)) for table, paths in files.items()}


def _for_hadoop(path: str) -> str:
    """Hadoop calls its client of S3 `s3a`; a folder must be one that every worker of the cluster sees."""
    return path.replace("s3://", "s3a://", 1) if path.startswith("s3://") else path


@cache
def _teach_minutes():
    """Narwhals speaks of whole minutes between two moments on every engine but Spark; here it learns to."""
    from narwhals._spark_like.expr_dt import SparkLikeExprDateTimeNamespace as Moments

    def total_minutes(self):
        functions = self.compliant._F

        def whole(span):
            def part(unit):
                return functions.extract(functions.lit(unit), span)

            return (part("DAY") * 1440 + part("HOUR") * 60 + part("MINUTE")).cast("bigint")

        return self.compliant._with_elementwise(whole)

    Moments.total_minutes = total_minutes
