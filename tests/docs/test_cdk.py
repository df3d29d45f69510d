"""packaging/cdk makes what template.yaml makes, and docs/cdk.md's app is run with it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any, Dict, List

import guides
import like_template
import pytest
from cloudformation import Evaluation, parsed
from like_template import CASES, OPEN, OUT_OF_LIMITS
from product import VERSION

HERE = Path(__file__).resolve().parent
CDK = guides.ROOT / "build/cdk"
TYPESCRIPT = guides.ROOT / "build/typescript/node_modules/typescript/lib/tsc.js"
ZIPS = [guides.ROOT / f"build/release/countersign-{architecture}.zip" for architecture in ("arm64", "x86_64")]


def property_of(parameter: str) -> str:
    return parameter[0].lower() + parameter[1:]


def properties(values: like_template.Values) -> Dict[str, str]:
    return {property_of(name): value for name, value in values.items()}


def package() -> Path:
    return guides.ROOT / f"build/npm/countersign-cdk-{VERSION}.tgz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package is installed, beside the CDK."""
    folder = tmp_path_factory.mktemp("cdk")
    modules = folder / "node_modules"
    (modules / "countersign-cdk").mkdir(parents=True)
    for name in ("aws-cdk-lib", "constructs"):
        (modules / name).symlink_to(CDK / "node_modules" / name)
    with tarfile.open(package()) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            assert content
            (modules / "countersign-cdk" / entry.name.removeprefix("package/")).write_bytes(content.read())
    return folder


def node(folder: Path, script: str, given: str = "") -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "CDK_OUTDIR": str(folder / f"{script}.out")}
    done = subprocess.run(
        [CDK / "node", script], cwd=folder, env=environment, input=given, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def synthesized(folder: Path, cases: Dict[str, Dict[str, Any]]) -> Dict[str, Any]:
    shutil.copy(HERE / "synthesize.cjs", folder)
    return dict(json.loads(node(folder, "synthesize.cjs", json.dumps(cases))))


@pytest.fixture(scope="module")
def made(folder: Path) -> Dict[str, Any]:
    cases: Dict[str, Dict[str, Any]] = {name: properties(values) for name, values in CASES.items()}
    return synthesized(folder, {**cases, "as javascript has them": GIVEN})


class Synthesized(Evaluation):
    """A stack of the CDK, by the template's own names."""

    def __init__(self, template: Dict[str, Any]) -> None:
        known = "|".join(sorted([*parsed()["Resources"], *parsed()["Outputs"]], key=len, reverse=True))
        text = re.sub(rf"CountersignTemplate(?:Outputs)?({known})(ApiGatewayDefaultStage)?[0-9A-F]{{8}}",
                      r"\1\2", json.dumps(template))
        self.template = json.loads(re.sub(r"Uploads-?Countersign-?[0-9A-F]{8}", "stack", text))
        super().__init__(self.template, {})

    def _join(self, argument: List[Any]) -> str:
        separator, parts = argument
        return str(separator.join(map(str, self.of(parts))))

    def resources(self) -> Dict[str, Dict[str, Any]]:
        found = {name: like_template.plain(self.of(each)) for name, each in self.template["Resources"].items()}
        for each in found.values():
            each.pop("Metadata", None)
        # By whichever name of the CDK's bucket for assets.
        assert set(found["UploadFunction"]["Properties"].pop("Code")) == {"S3Bucket", "S3Key"}
        return {name: each for name, each in found.items() if each["Type"] != "AWS::CDK::Metadata"}

    def outputs(self) -> Dict[str, Any]:
        return {name: self.of(each["Value"]) for name, each in self.template["Outputs"].items()}


@pytest.mark.parametrize("case", CASES)
def test_it_makes_what_the_template_makes(made: Any, case: str) -> None:
    stack, expected = Synthesized(made[case]["template"]), like_template.made(CASES[case])
    found = stack.resources()
    for name, resource in expected.items():
        resource["DependsOn"] = [resource["DependsOn"]] if "DependsOn" in resource else []
        assert {"DependsOn": [], **found[name]} == resource, name
    assert set(found) == set(expected)
    assert stack.outputs() == like_template.outputs(CASES[case])


def test_each_condition_is_met_in_one_case_and_not_in_another() -> None:
    template = parsed()
    for name in template["Conditions"]:
        found = {Evaluation(template, values).of({"Condition": name}) for values in CASES.values()}
        assert found == {True, False}, name


def test_the_rules_are_the_templates_in_its_words(folder: Path) -> None:
    rules = like_template.broken_rules()
    assert set(rules) == {each["AssertDescription"] for rule in parsed()["Rules"].values() for each in rule["Assertions"]}
    answers = synthesized(folder, {words: properties({**OPEN, **values}) for words, values in rules.items()})
    for words, answer in answers.items():
        assert like_template.named(words, property_of) in answer["error"].split("\n  ")[1:]


def test_the_limits_are_the_templates_in_its_words(folder: Path) -> None:
    (answer,) = synthesized(folder, {"wrong": {**properties({**OPEN, **OUT_OF_LIMITS}), "uploadMaxByte": 1}}).values()
    told = answer["error"].split("\n  ")[1:]
    template = parsed()["Parameters"]
    for name in ("BucketName", "UploadKey"):
        assert f"{property_of(name)} {template[name]['ConstraintDescription']}" in told
    assert "memorySize must be 128 or more" in told
    assert "uploadExpiresSeconds must be 604800 or less" in told
    assert "uploadRequire must be one of '', 'size', 'sha256', 'size,sha256'" in told
    assert "uploadProfiles must have 3072 characters at most" in told
    assert "there is no property uploadMaxByte" in told
    assert len(told) == 7


PROFILES = {"avatar": {"types": "image/*"}}
# As JavaScript has them, and as the template does.
GIVEN = {
    "openToAnybody": True, "uploadDownloads": True, "uploadPage": False, "uploadMaxBytes": 2097152,
    "uploadOrigins": ["https://a.example.com", "https://b.example.com"], "uploadProfiles": PROFILES,
}
GIVEN_AS_TEXT = {
    **OPEN, "UploadDownloads": "on", "UploadPage": "off", "UploadMaxBytes": "2097152",
    "UploadOrigins": "https://a.example.com,https://b.example.com",
    "UploadProfiles": json.dumps(PROFILES, separators=(",", ":")),
}


def test_values_as_javascript_has_them(made: Any) -> None:
    found = Synthesized(made["as javascript has them"]["template"]).resources()
    expected = like_template.made(GIVEN_AS_TEXT)
    assert found["UploadFunction"]["Properties"] == expected["UploadFunction"]["Properties"]


APP = """
import assert from 'node:assert'
import { App, Stack, Tags } from 'aws-cdk-lib'
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { Countersign } from 'countersign-cdk'

const app = new App()
const stack = new Stack(app, 'Uploads')
const topic = new Topic(stack, 'Topic')
const own = new Countersign(stack, 'Own', { openToAnybody: true, alarmTopicArn: topic.topicArn })
const other = new Countersign(stack, 'Other', {
  openToAnybody: true, bucketName: new Bucket(stack, 'Bucket').bucketName,
})
Tags.of(own).add('team', 'web')
own.bucket.grantRead(new AccountPrincipal('111122223333'))
own.bucket.grantDelete(own.function)
own.resources.UploadFunction.addPropertyOverride('Timeout', 20)
assert(other.apiUrl && other.pageUrl && !other.resources.UploadBucket)
const { Resources } = app.synth({ skipValidation: true }).getStackByName('Uploads').template
console.log(JSON.stringify(Resources))
"""


def test_it_goes_with_the_rest_of_a_stack(folder: Path) -> None:
    (folder / "app.mjs").write_text(APP, encoding="utf-8")
    made = json.loads(node(folder, "app.mjs"))
    of_type: Dict[str, List[Dict[str, Any]]] = {}
    for resource in made.values():
        of_type.setdefault(resource["Type"], []).append(resource.get("Properties", {}))
    own, other = of_type["AWS::Lambda::Function"]
    assert (own["Timeout"], other["Timeout"]) == (20, 29)
    assert {"Key": "team", "Value": "web"} in own["Tags"] and "Tags" not in other
    # What is named has a name of its own.
    assert len({group["LogGroupName"] for group in of_type["AWS::Logs::LogGroup"]}) == 4
    # A bucket has one policy alone, so what is granted is added to the template's.
    (policy,) = of_type["AWS::S3::BucketPolicy"]
    *denied, granted = policy["PolicyDocument"]["Statement"]
    assert [each["Sid"] for each in denied] == ["DenyPlainHttp", "DenyOldSignedUrls"]
    assert granted["Effect"] == "Allow" and "111122223333" in json.dumps(granted["Principal"])
    (more,) = of_type["AWS::IAM::Policy"]
    assert more["PolicyDocument"]["Statement"][0]["Action"] == "s3:DeleteObject*"
    # A bucket and a topic of the same stack are known to be there before it is made.
    (bucket,) = [name for name, each in made.items() if name.startswith("Bucket")]
    assert other["Environment"]["Variables"]["UPLOAD_BUCKET"] == {"Ref": bucket}
    assert len(of_type["AWS::CloudWatch::Alarm"]) == 3


ENCRYPTED = """
import { App, Stack } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Countersign } from 'countersign-cdk'

const app = new App()
const stack = new Stack(app, 'Uploads')
const uploadSseKmsKey = new Key(stack, 'Key').keyArn
const { bucket } = new Countersign(stack, 'Countersign', { openToAnybody: true, uploadSse: 'aws:kms', uploadSseKmsKey })
bucket.grantRead(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }))
console.log(JSON.stringify(app.synth({ skipValidation: true }).getStackByName('Uploads').template.Resources))
"""


def test_a_key_of_the_same_stack(folder: Path) -> None:
    """The bucket has it, and who may read the bucket may use it."""
    (folder / "encrypted.mjs").write_text(ENCRYPTED, encoding="utf-8")
    made = json.loads(node(folder, "encrypted.mjs"))
    (key,) = [name for name, each in made.items() if each["Type"] == "AWS::KMS::Key"]
    (bucket,) = [each["Properties"] for each in made.values() if each["Type"] == "AWS::S3::Bucket"]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    arn = {"Fn::GetAtt": [key, "Arn"]}
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": arn}
    (policy,) = [each["Properties"] for each in made.values() if each["Type"] == "AWS::IAM::Policy"]
    granted = {json.dumps(each["Resource"]): each["Action"] for each in policy["PolicyDocument"]["Statement"]}
    assert "kms:Decrypt" in granted[json.dumps(arn)]


def test_the_types_tell_all_parameters_and_their_limits(folder: Path) -> None:
    told = (folder / "node_modules/countersign-cdk/index.d.ts").read_text("utf-8")
    properties_told, class_told = told.split("export class")
    parameters = parsed()["Parameters"]
    found = re.findall(r"^  readonly (\w+)\?: ", properties_told, re.M)
    assert found == [*map(property_of, parameters), "zip"]
    for name in map(property_of, parsed()["Outputs"]):
        assert f"readonly {name}: string" in class_told
    assert "sam build" not in told
    for name, parameter in parameters.items():
        assert re.search(rf"Default: {re.escape(str(parameter['Default']))}\.|Not set by default\.", told), name


def test_the_types_are_taken_by_typescript(folder: Path) -> None:
    app = guides.block("cdk.md", "ts")
    (folder / "right.mts").write_text(app, encoding="utf-8")
    (folder / "wrong.mts").write_text(app.replace("openToAnybody: true", "openToAnybody: 'no'"), encoding="utf-8")
    flags = "--noEmit --strict --skipLibCheck --module nodenext --target es2022"
    check = [CDK / "node", TYPESCRIPT, *flags.split(), "right.mts", "wrong.mts"]
    done = subprocess.run(check, cwd=folder, capture_output=True, text=True)
    errors = re.findall(r"^(\w+\.mts)\(.*error (.*)", done.stdout, re.M)
    assert [file for file, _ in errors] == ["wrong.mts"], done.stdout


def test_the_package_is_the_same_each_time(folder: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, guides.ROOT / "packaging/cdk/make.py", tmp_path / "files", *ZIPS], check=True)
    pack = [guides.ROOT / "build/venv/package/bin/python", guides.ROOT / "tools/npm_package.py"]
    subprocess.run([*pack, tmp_path / "again.tgz", tmp_path / "files"], check=True)
    assert (tmp_path / "again.tgz").read_bytes() == package().read_bytes()
    told = json.loads((folder / "node_modules/countersign-cdk/package.json").read_text())
    assert package().name == f"{told['name']}-{told['version']}.tgz"


def test_the_guides_app(folder: Path) -> None:
    # Not the .mts of the guide, which is JavaScript all the same: a machine's own node may be too old for it.
    (folder / "countersign.mjs").write_text(guides.block("cdk.md", "ts"), encoding="utf-8")
    node(folder, "countersign.mjs")
    out = folder / "countersign.mjs.out"
    template = json.loads((out / "Uploads.template.json").read_text())
    values = {**OPEN, "UploadOrigins": "https://app.example.com"}
    expected = like_template.made(values)
    found = Synthesized(template).resources()
    assert {name: each["Properties"] for name, each in found.items()} == {
        name: each["Properties"] for name, each in expected.items()
    }
    (deployed,) = out.glob("asset.*.zip")
    assert deployed.read_bytes() == ZIPS[0].read_bytes()


def test_the_guides_commands_fit_the_app() -> None:
    app = guides.block("cdk.md", "ts")
    build, deploy = guides.blocks("cdk.md", "sh")
    guides.make_knows(build)
    install, *runs = deploy.splitlines()
    # The app has an asset, which is deployed through the bucket of a bootstrapped account.
    options = f"--app 'node {app.splitlines()[0].lstrip('/ ')}'"
    assert runs == [f"npx cdk {command} {options}" for command in ("bootstrap", "deploy")]
    imported = {name.split("/")[0] for name in re.findall(r"from '([^']+)'", app)}
    # The command itself, and what the library wants beside it; the package is where make puts it.
    wanted = {Path(each).name.replace("-*.tgz", "") for each in install.split()[2:]}
    assert wanted == imported | {"aws-cdk", "constructs"}
