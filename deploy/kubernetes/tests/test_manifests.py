"""The manifests of deploy/kubernetes, held against the schemas of Kubernetes and against each other.

Invariant: every file that a kustomization names is read, and every manifest beside one is named, if
only as a comment; which programs took part is printed.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import kubernetes_validate
import yaml

HERE = pathlib.Path(__file__).resolve().parent
DEPLOY = HERE.parent.parent
KUBERNETES = DEPLOY / "kubernetes"
# The oldest that still gets fixes somewhere, and the newest with a published schema.
VERSIONS = ["1.29", kubernetes_validate.latest_version()]
# The keys of a kustomization that are used here.
KNOWN = {"apiVersion", "kind", "namespace", "resources", "images", "configMapGenerator", "secretGenerator"}

# `ModelSpec` in kubeai's api/k8s/v1/model_types.go, as far as scaling goes: type and least value.
SCALING = {
    "minReplicas": (int, 0),
    "maxReplicas": (int, 1),
    "targetRequests": (int, 1),
    "scaleDownDelaySeconds": (int, 0),
    "autoscalingDisabled": (bool, None),
}


def documents(path):
    return [found for found in yaml.safe_load_all(path.read_text()) if found is not None]


def settings(path):
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def kustomized(folder):
    """Every manifest that a folder stands for, with the names that its generators make."""
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert set(kustomization) <= KNOWN, set(kustomization) - KNOWN
    assert kustomization["kind"] == "Kustomization"
    manifests, made = [], {"ConfigMap": {}, "Secret": {}}
    for resource in kustomization.get("resources", []):
        path = folder / resource
        if path.is_dir():
            more, names = kustomized(path)
            manifests += more
            for kind in made:
                made[kind].update(names[kind])
        else:
            manifests += documents(path)
    for kind, key in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
        for generator in kustomization.get(key, []):
            values = {}
            for name in generator.get("files", []):
                # Outside of its own folder kustomize reads no file.
                assert "/" not in name, name
                values[name] = (folder / name).read_text()
            for name in generator.get("envs", []):
                assert "/" not in name, name
                values.update(settings(folder / name))
            made[kind][generator["name"]] = values
    return manifests, made


class Manifests(unittest.TestCase):
    def setUp(self):
        self.manifests, self.made = kustomized(KUBERNETES)
        ingress = documents(KUBERNETES / "ingress.yaml")
        self.all = self.manifests + ingress
        self.pods = next(m for m in self.manifests if m["kind"] == "Deployment")["spec"]["template"]
        self.containers = {c["name"]: c for c in self.pods["spec"]["containers"]}
        self.inits = {c["name"]: c for c in self.pods["spec"]["initContainers"]}

    def one(self, kind):
        found = [manifest for manifest in self.all if manifest["kind"] == kind]
        self.assertEqual(len(found), 1, kind)
        return found[0]

    def test_each_has_the_shape_that_kubernetes_knows(self):
        for manifest in self.all:
            for version in VERSIONS:
                with self.subTest(kind=manifest["kind"], version=version):
                    kubernetes_validate.validate(manifest, version, strict=True)
        print(f"schemas of Kubernetes {', '.join(VERSIONS)}", file=sys.stderr)

    def test_a_wrong_one_is_noticed(self):
        self.one("Service")["spec"]["prots"] = []
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(self.one("Service"), VERSIONS[0], strict=True)

    def test_kustomize_makes_the_same_of_them(self):
        kubectl = shutil.which("kubectl") or shutil.which("kustomize")
        if kubectl is None:
            print("kubectl is not there: kustomizations were read by this test alone", file=sys.stderr)
            return
        command = [kubectl, "kustomize"] if kubectl.endswith("kubectl") else [kubectl, "build"]
        said = subprocess.run([*command, KUBERNETES], capture_output=True, text=True, check=False)
        self.assertEqual(said.returncode, 0, said.stderr)
        built = list(yaml.safe_load_all(said.stdout))
        for manifest in built:
            kubernetes_validate.validate(manifest, VERSIONS[-1], strict=True)
            self.assertEqual(manifest["metadata"]["namespace"], "kubeai")
        kinds = sorted(manifest["kind"] for manifest in built)
        self.assertEqual(kinds, ["ConfigMap", "ConfigMap", "Deployment", "Secret", "Service"])
        names = {(m["kind"], m["metadata"]["name"]) for m in built}
        pods = next(m for m in built if m["kind"] == "Deployment")["spec"]["template"]["spec"]
        nginx = pods["containers"][0]
        for source in nginx["envFrom"]:
            reference = source.get("configMapRef") or source["secretRef"]
            kind = "ConfigMap" if "configMapRef" in source else "Secret"
            self.assertIn((kind, reference["name"]), names)
        self.assertIn(("ConfigMap", pods["volumes"][0]["configMap"]["name"]), names)
        self.assertRegex(nginx["image"], r":\d+\.\d+$")
        print(f"{' '.join(command)} was used", file=sys.stderr)

    def test_what_is_referred_to_is_there(self):
        for source in self.containers["nginx"]["envFrom"]:
            if "configMapRef" in source:
                self.assertIn(source["configMapRef"]["name"], self.made["ConfigMap"])
            else:
                self.assertIn(source["secretRef"]["name"], self.made["Secret"])
        volumes = {volume["name"]: volume for volume in self.pods["spec"]["volumes"]}
        template = self.made["ConfigMap"][volumes["template"]["configMap"]["name"]]
        self.assertIn("server {", template["pilotlight.conf.template"])
        for container in [*self.containers.values(), *self.inits.values()]:
            for mount in container["volumeMounts"]:
                self.assertIn(mount["name"], volumes)
        labels = self.pods["metadata"]["labels"]
        service = self.one("Service")
        self.assertLessEqual(service["spec"]["selector"].items(), labels.items())
        ports = {port["name"] for port in self.containers["nginx"]["ports"]}
        self.assertIn(service["spec"]["ports"][0]["targetPort"], ports)
        backend = self.one("Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
        self.assertEqual(backend["name"], service["metadata"]["name"])
        self.assertIn(backend["port"]["name"], {port["name"] for port in service["spec"]["ports"]})

    def test_the_hosts_of_the_ingress_are_answered(self):
        ingress = self.one("Ingress")["spec"]
        hosts = [rule["host"] for rule in ingress["rules"]]
        hosts += [host for entry in ingress["tls"] for host in entry["hosts"]]
        known = self.made["ConfigMap"]["pilotlight"]["PILOTLIGHT_HOSTS"].split()
        for host in hosts:
            self.assertIn(host, known, "nginx would answer 421")

    def test_nginx_is_told_all_that_its_template_names(self):
        template = (DEPLOY / "nginx" / "pilotlight.conf.template").read_text()
        told = {**self.made["ConfigMap"]["pilotlight"], **self.made["Secret"]["pilotlight"]}
        self.assertEqual(set(told), set(re.findall(r"\$\{(PILOTLIGHT_[A-Z_]+)\}", template)))
        mounts = {m["mountPath"] for m in self.containers["nginx"]["volumeMounts"]}
        self.assertIn(told["PILOTLIGHT_ROOT"], mounts)
        port = self.containers["nginx"]["ports"][0]["containerPort"]
        self.assertEqual(told["PILOTLIGHT_LISTEN"], str(port))
        self.assertNotIn("PILOTLIGHT_TOKEN", self.made["ConfigMap"]["pilotlight"])

    def test_the_pod_is_restricted(self):
        pod = self.pods["spec"]["securityContext"]
        self.assertTrue(pod["runAsNonRoot"])
        self.assertEqual(pod["seccompProfile"], {"type": "RuntimeDefault"})
        self.assertFalse(self.pods["spec"]["automountServiceAccountToken"])
        for container in [*self.containers.values(), *self.inits.values()]:
            own = container["securityContext"]
            self.assertFalse(own["allowPrivilegeEscalation"])
            self.assertTrue(own["readOnlyRootFilesystem"])
            self.assertEqual(own["capabilities"], {"drop": ["ALL"]})
            self.assertIn("memory", container["resources"]["limits"])

    def test_an_ingress_waits_for_minutes(self):
        annotations = self.one("Ingress")["metadata"]["annotations"]
        for name in ("read", "send"):
            seconds = annotations[f"nginx.ingress.kubernetes.io/proxy-{name}-timeout"]
            self.assertGreaterEqual(int(seconds), 3600)

    def test_no_manifest_is_forgotten(self):
        named = (KUBERNETES / "kustomization.yaml").read_text()
        for path in KUBERNETES.glob("*.yaml"):
            if path.name != "kustomization.yaml":
                self.assertIn(path.name, named)


class Kubeai(unittest.TestCase):
    def test_the_patch_is_one_that_kubeai_takes(self):
        (model,) = documents(KUBERNETES / "kubeai" / "model-scaling.yaml")
        self.assertEqual((model["apiVersion"], model["kind"]), ("kubeai.org/v1", "Model"))
        spec = model["spec"]
        for name, value in spec.items():
            kind, least = SCALING[name]
            self.assertIs(type(value), kind, name)
            if least is not None:
                self.assertGreaterEqual(value, least, name)
        self.assertLessEqual(spec["minReplicas"], spec["maxReplicas"])
        self.assertEqual(spec["maxReplicas"], 1)

    def test_the_values_are_those_of_its_chart(self):
        (values,) = documents(KUBERNETES / "kubeai" / "values.yaml")
        # charts/kubeai/values.yaml: Go durations.
        self.assertEqual(set(values), {"modelAutoscaling"})
        self.assertLessEqual(set(values["modelAutoscaling"]), {"interval", "timeWindow", "stateConfigMapName"})
        for name in ("interval", "timeWindow"):
            self.assertRegex(values["modelAutoscaling"][name], r"^\d+(s|m)$")


if __name__ == "__main__":
    unittest.main()
