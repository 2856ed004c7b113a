"""The chart refuses nonsense, in words that say where it stands, before anything reaches a cluster."""

import pytest

from tests.cluster.chart import CHART, NEEDED, NEEDS_HELM, helm, rendered

pytestmark = NEEDS_HELM

HIGHEST = "--set=applications.ratings.executors.max"


def refused(*arguments: str) -> str:
    done = helm("template", "movalytics", str(CHART), *NEEDED, *arguments)
    assert done.returncode != 0, "helm took it"
    return done.stderr


def at(name: str, schedule: str) -> str:
    return f'--set-json=schedules.{name}="{schedule}"'


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (f"{HIGHEST}=four", "at '/applications/ratings/executors/max': got string, want integer"),
        (f"{HIGHEST.replace('--set', '--set-string')}=4", "got string, want integer"),
        (f"{HIGHEST}=-1", "at '/applications/ratings/executors/max': minimum: got -1, want 1"),
        (f"{HIGHEST}=2.5", "want integer"),
        ("--set=applications.catalogue.executors.memory=2", "got number, want string"),
        ("--set=applications.catalogue.executors.memory=lots", "'lots' does not match pattern"),
        ("--set=deadlines.publish=0", "at '/deadlines/publish': minimum: got 0, want 10"),
        ("--set=retries.patienceSeconds=2h", "at '/retries/patienceSeconds': got string, want integer"),
        ("--set=retries.pauseSeconds=0", "at '/retries/pauseSeconds': minimum: got 0, want 1"),
        ("--set=retries.forever=true", "additional properties 'forever' not allowed"),
        ("--set=deadlines.upload=600", "additional properties 'upload' not allowed"),
        ("--set=warehouse.password=hunter2", "additional properties 'password' not allowed"),
        ("--set=warehouse.port=70000", "at '/warehouse/port'"),
        ("--set=warehouse.sslmode=maybe", "at '/warehouse/sslmode'"),
        ("--set=schedules.daily=tomorrow", "at '/schedules/daily'"),
        ("--set=retention.schedule=weekly", "at '/retention/schedule'"),
        ("--set=retention.keep=0", "at '/retention/keep'"),
        ("--set=schedules.daily=@daily", "at '/schedules/daily'"),
        ("--set=schedules.alarm=CRON_TZ=Asia/Dubai 0 6 * * *", "at '/schedules/alarm'"),
        ("--set=alerts.hoursWithoutSuccess=25", "at '/alerts/hoursWithoutSuccess': minimum: got 25, want 26"),
        ("--set=timeZone=3", "at '/timeZone': got number, want string"),
        ("--set=suspend=perhaps", "at '/suspend': got string, want boolean"),
        ("--set=lake=file:///lake", "at '/lake'"),
        ("--set=copyRole=admin", "at '/copyRole'"),
        ("--set=networkPolicy.httpsCidrs={anywhere}", "at '/networkPolicy/httpsCidrs/0'"),
        ("--set=steps.nodeSelectors.zone=a", "at '/steps': additional properties 'nodeSelectors' not allowed"),
        ("--set=steps.nodeSelector=spot", "at '/steps/nodeSelector': got string, want object"),
        ("--set=steps.nodeSelector.spot=true", "at '/steps/nodeSelector/spot': got boolean, want string"),
        ("--set=steps.tolerations[0].kee=spot", "additional properties 'kee' not allowed"),
        (
            "--set=steps.affinity.nodeAffinty.x=1",
            "'/steps/affinity': additional properties 'nodeAffinty' not allowed",
        ),
        ("--set=steps.topologySpreadConstraints[0].maxSkew=1", "missing properties 'topologyKey', 'whenUnsatisfiable'"),
        ("--set=steps.priorityClassName=Very High", "at '/steps/priorityClassName'"),
        ("--set=steps.podLabels.team=a b", "at '/steps/podLabels/team': 'a b' does not match pattern"),
        ("--set=steps.podAnnotations.size=3", "at '/steps/podAnnotations/size': got number, want string"),
        ("--set=steps.extraEnv[0].name=A,steps.extraEnv[0].value=1", "at '/steps/extraEnv/0/value': got number"),
        ("--set=steps.extraEnv.A=b", "at '/steps/extraEnv': got object, want array"),
        ("--set=steps.extraEnvFrom[0].secret.name=a", "additional properties 'secret' not allowed"),
        ("--set=steps.extraVolumes[0].name=a", "at '/steps/extraVolumes/0': minProperties: got 1, want 2"),
        ("--set=steps.extraVolumeMounts[0].name=a", "missing property 'mountPath'"),
        ("--set=steps.resources.limits.cpu=much", "at '/steps/resources/limits/cpu': 'much' does not match pattern"),
        ("--set=steps.resources.limits.gpu=1", "additional properties 'gpu' not allowed"),
        ("--set=steps.resourcesByStep.stage.limit.cpu=1", "at '/steps/resourcesByStep/stage': additional properties"),
        ("--set=spark.executor.nodeSelector.a=b", "at '/spark': additional properties 'executor' not allowed"),
        ("--set=spark.executors.localDirectories[0].emptyDir.size=1Gi", "additional properties 'size' not allowed"),
        ("--set=spark.executors.localDirectories[0].hostPath.path=/x", "additional properties 'hostPath' not allowed"),
        ("--set=spark.sparkConf.spark\\.x=true", "at '/spark/sparkConf/spark.x': got boolean, want string"),
        ("--set-string=spark.sparkConf.x=true", "at '/spark/sparkConf': additional properties 'x' not allowed"),
        ("--set=spark.hadoopConf.fs\\.x=7", "at '/spark/hadoopConf/fs.x': got number, want string"),
        ("--set=spark.decommission.enabled=maybe", "at '/spark/decommission/enabled': got string, want boolean"),
        ("--set=spark.batchScheduler=volcano", "at '/spark/batchScheduler': got string, want object"),
        (
            "--set=applications.ratings.executors.memoryOverhead=10%",
            "at '/applications/ratings/executors/memoryOverhead'",
        ),
        ("--set=images.extract.digest=abc", "at '/images/extract/digest': 'abc' does not match pattern"),
        ("--set=images.extract.name=x", "additional properties 'name' not allowed"),
        ("--set=serviceAccounts.extract.create=no-thanks", "at '/serviceAccounts/extract/create'"),
        ("--set=s3.region=Some Where", "at '/s3/region': 'Some Where' does not match pattern"),
        ("--set=lake=s3://bucket/o'neil", "at '/lake'"),
        ("--set=lake=s3://bucket/{{workflow.name}}", "at '/lake'"),
        ("--set=lake=s3://bucket//lake", "at '/lake'"),
        ("--set=commonLabels=films", "at '/commonLabels': got string, want object"),
        ("--set=historyServer.memory=2Gi", "at '/historyServer/memory': '2Gi' does not match pattern"),
        ("--set=historyServer.ingressFrom[0].cidr=10.0.0.0/8", "additional properties 'cidr' not allowed"),
        ("--set=historyServer.replicas=2", "at '/historyServer': additional properties 'replicas' not allowed"),
        ("--set=global=films", "at '/global': got string, want object"),
    ],
)
def test_the_schema_refuses(value, sentence):
    assert sentence in refused(value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            ["--set=applications.ratings.executors.min=5", f"{HIGHEST}=4"],
            "applications.ratings.executors.min is 5 and above max, which is 4: lower min or raise max",
        ),
        (["--set=steps.resources.requests.memory=2Gi"], "steps.resources asks for 2Gi of memory and is limited to 1Gi"),
        (["--set=steps.resourcesByStep.stage.requests.memory=1025Mi"], "steps.resourcesByStep.stage asks for 1025Mi"),
        (
            ["--set=steps.argoexecResources.requests.cpu=1500m", "--set=steps.argoexecResources.limits.cpu=1"],
            "steps.argoexecResources asks for 1500m of cpu and is limited to 1",
        ),
        (
            ["--set-string=applications.ratings.executors.cpuLimit=1500m"],
            "applications.ratings.executors asks for 2 of cpu and is limited to 1500m",
        ),
        (
            ["--set=serviceAccounts.extract.name=one,serviceAccounts.warehouse.name=one"],
            "serviceAccounts.extract and serviceAccounts.warehouse are both called one and created",
        ),
        (
            [r"--set=spark.sparkConf.spark\.eventLog\.dir=s3://x"],
            "on which the history server, advise and the metrics rely",
        ),
        ([r"--set=spark.sparkConf.spark\.hadoop\.fs\.s3a\.endpoint=x"], "set fs.s3a.endpoint in spark.hadoopConf"),
        ([r"--set-string=spark.sparkConf.spark\.executor\.instances=3"], "which the Spark Operator sets itself"),
        ([r"--set=historyServer.podLabels.spark-role=driver"], "by which network policies know a run's pods"),
        (
            [r"--set=steps.podLabels.app\.kubernetes\.io/component=history"],
            "the history server's Service knows its pod",
        ),
        (["--set=lake="], "lake is empty: give the lake's root, as in lake=s3://bucket/prefix"),
        (["--set=warehouse.host="], "warehouse.host is empty: give Redshift's host name"),
        (["--set=warehouse.user="], "warehouse.user is empty"),
        (["--set=warehouse.credentials=provisioned"], "warehouse.cluster is empty"),
        (["--set=warehouse.credentials=serverless"], "warehouse.workgroup is empty"),
        (
            ["--set=steps.resourcesByStep.upload.limits.cpu=1"],
            "steps.resourcesByStep.upload: there is no such step with a container of ours; there are alarm, ",
        ),
        (
            ["--set=spark.driver.podLabels.spark-role=x"],
            "spark.driver.podLabels sets spark-role, by which network policies",
        ),
        (
            ["--set=spark.sparkConf.spark\\.sql\\.session\\.timeZone=UTC"],
            "spark.sparkConf sets spark.sql.session.timeZone",
        ),
        (
            ["--set=spark.sparkConf.spark\\.master=local"],
            "spark.master, which the Spark Operator sets itself: leave it out",
        ),
        (
            [
                "--set=spark.decommission.enabled=true",
                "--set-string=spark.sparkConf.spark\\.executor\\.decommission\\.forceKillTimeout=9s",
            ],
            "sets spark.executor.decommission.forceKillTimeout, which is spark.decommission.graceSeconds: set that",
        ),
        (
            ["--set=spark.sparkConf.spark\\.executor\\.memory=9g"],
            "spark.sparkConf sets spark.executor.memory, for which there is a value in applications or spark: set that",
        ),
    ],
)
def test_what_takes_two_values_to_see_is_refused_in_a_sentence(values, sentence):
    assert sentence in refused(*values)


@pytest.mark.parametrize("zone", ["Europe/Berlim", "europe/berlin", "Europe", "Berlin", "Local", "Factory", "UTC+1"])
def test_what_is_no_time_zone_is_refused(zone):
    assert f"timeZone is {zone}, which is no time zone: give an IANA name" in refused(f"--set=timeZone={zone}")


@pytest.mark.parametrize(
    ("zone", "schedule", "hours"),
    [
        ("Europe/Berlin", "30 2 * * *", "02:00-03:00"),
        ("Europe/Berlin", "59 2 * * *", "02:00-03:00"),
        ("Europe/Berlin", "0 1-3 * * *", "02:00-03:00"),
        ("Europe/Berlin", "0 */2 * * *", "02:00-03:00"),
        ("Europe/Berlin", "*/15 2,7 * * 0", "02:00-03:00"),
        ("Europe/London", "0 1 * * *", "01:00-02:00"),
        ("America/Los_Angeles", "30 1 * * *", "01:00-03:00"),
        ("America/Los_Angeles", "0 2 * * *", "01:00-03:00"),
        ("Australia/Lord_Howe", "45 1 * * *", "01:30-02:30"),
        ("Pacific/Chatham", "0 3 * * *", "02:45-03:45"),
        ("Africa/Cairo", "0 0 * * *", "00:00-01:00"),
        ("Africa/Cairo", "30 23 * * *", "23:00-24:00"),
    ],
)
def test_an_hour_that_a_clock_change_skips_or_doubles_is_refused(zone, schedule, hours):
    sentence = f"is {schedule}, and a clock change in {zone} skips or doubles {hours}: choose a time outside"
    for name in ("daily", "alarm"):
        assert f"schedules.{name} {sentence}" in refused(f"--set=timeZone={zone}", at(name, schedule))
    own = f'--set-json=retention.schedule="{schedule}"'
    assert f"retention.schedule {sentence}" in refused(f"--set=timeZone={zone}", at("daily", "0 12 * * *"), own)


@pytest.mark.parametrize(
    ("zone", "schedule"),
    [
        ("Europe/Berlin", "0 3 * * *"),
        ("Europe/Berlin", "59 1 * * *"),
        ("Europe/Berlin", "30 * * * *"),  # an hour less or twice the same is no loss in every hour
        ("America/Los_Angeles", "0 3 * * *"),
        ("Asia/Kolkata", "0 3 * * *"),
        ("Asia/Dubai", "0 3 * * *"),
        ("Europe/London", "30 2 * * *"),
        ("Asia/Dubai", "30 2 * * *"),
        ("Asia/Kolkata", "*/30 0-8/2,22 * JAN-MAR,12 ?"),
        ("Australia/Lord_Howe", "30 2 * * *"),
        ("Etc/GMT+5", "05 02 29 2 MON-fri"),
    ],
)
def test_other_times_are_taken(zone, schedule):
    rendered(*NEEDED, f"--set=timeZone={zone}", at("daily", schedule))


@pytest.mark.parametrize(
    ("schedule", "sentence"),
    [
        ("60 3 * * *", "60 is no minute, which is 0 to 59"),
        ("0 24 * * *", "24 is no hour, which is 0 to 23"),
        ("0 5-3 * * *", "5-3 is no hour"),
        ("0 3 0 * *", "0 is no day of the month, which is 1 to 31"),
        ("0 3 * 13 *", "13 is no month"),
        ("0 3 * FOO *", "FOO is no month"),
        ("0 3 * * 7", "7 is no day of the week, which is 0 to 6"),
        ("0 3 * * MONDAY", "MONDAY is no day of the week"),
        ("*/0 3 * * *", "*/0 is no minute"),
        ("0 3, * * *", " is no hour"),
        ("0 3 L * *", "L is no day of the month"),
        ("0 3 30 2 *", "no such day is in these months, so nothing would ever start"),
        ("0 3 31 4,6,9,11 *", "no such day is in these months, so nothing would ever start"),
    ],
)
def test_a_schedule_that_argo_would_never_start_is_refused(schedule, sentence):
    said = refused(at("daily", schedule))
    assert f"schedules.daily is {schedule}: " in said
    assert sentence in said


@pytest.mark.parametrize(
    ("schedule", "hours", "sentence"),
    [
        ("0 3 * * 1-5", 26, "which leaves out 72 hours: give at least 74"),
        ("0 3 * * MON,THU", 97, "which leaves out 96 hours: give at least 98"),
        ("0 3 * * SUN", 169, "which leaves out 168 hours: give at least 170"),
        ("0 3 1 * *", 170, "alerts know schedules by days of the week alone"),
        ("0 3 * 1-6 *", 170, "alerts know schedules by days of the week alone"),
    ],
)
def test_alerts_that_would_not_wait_for_the_next_start_are_refused(schedule, hours, sentence):
    alerts = f"--set=alerts.enabled=true,alerts.hoursWithoutSuccess={hours}"
    for name in ("daily", "alarm"):
        assert sentence in refused(alerts, at(name, schedule))
    rendered(*NEEDED, at("daily", schedule))


@pytest.mark.parametrize(("schedule", "hours"), [("0 3 * * 1-5", 74), ("0 3 * * SUN", 170), ("0 3,15 * * *", 26)])
def test_alerts_that_wait_as_long_are_taken(schedule, hours):
    rendered(*NEEDED, f"--set=alerts.enabled=true,alerts.hoursWithoutSuccess={hours}", at("daily", schedule))
