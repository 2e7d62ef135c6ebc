package record

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// told are what objects of other kinds than workloads say of others, by kind: rules about several objects read it.
var told = map[string][]manifest.Path{
	"CiliumNetworkPolicy":     {{"spec", "endpointSelector"}},
	"ClusterRole":             {{"rules"}, {"aggregationRule"}},
	"ClusterRoleBinding":      {{"roleRef"}, {"subjects"}},
	"GRPCRoute":               {{"spec"}},
	"HTTPRoute":               {{"spec"}},
	"HorizontalPodAutoscaler": {{"spec", "scaleTargetRef"}, {"spec", "minReplicas"}, {"spec", "maxReplicas"}},
	"Ingress":                 {{"spec"}},
	"LimitRange":              {{"spec"}},
	"NetworkPolicy":           {{"spec"}},
	"PersistentVolume":        {{"spec", "storageClassName"}},
	"PersistentVolumeClaim":   {{"spec", "storageClassName"}},
	"PodDisruptionBudget":     {{"spec"}},
	"PodMonitor":              {{"spec", "selector"}, {"spec", "namespaceSelector"}},
	"ResourceQuota":           {{"spec"}},
	"Role":                    {{"rules"}},
	"RoleBinding":             {{"roleRef"}, {"subjects"}},
	"Service": {
		{"metadata", "labels"}, {"spec", "selector"}, {"spec", "ports"}, {"spec", "type"}, {"spec", "clusterIP"}, {"spec", "externalName"},
	},
	"ServiceAccount": {{"automountServiceAccountToken"}},
	"ServiceMonitor": {{"spec", "selector"}, {"spec", "namespaceSelector"}},
	"TCPRoute":       {{"spec"}},
	"TLSRoute":       {{"spec"}},
	"UDPRoute":       {{"spec"}},
}

// scraped are the lists of what monitors scrape, of which the ports are kept.
var scraped = []string{"endpoints", "podMetricsEndpoints"}

// facts copies what an object says of others. Of ConfigMaps and Secrets these are the keys, without what stands there.
func facts(object map[string]any) map[string]any {
	kind, _ := object["kind"].(string)
	out := map[string]any{}
	for _, path := range told[kind] {
		if value := manifest.Dig(object, path...); value != nil {
			out = manifest.Merge(out, at(path, short(value)))
		}
	}
	switch spec, _ := object["spec"].(map[string]any); {
	case kind == "ServiceMonitor" || kind == "PodMonitor":
		for _, field := range scraped {
			if ports := ports(spec[field]); len(ports) > 0 {
				out = manifest.Merge(out, at(manifest.Path{"spec", field}, ports))
			}
		}
	case (kind == "ConfigMap" || kind == "Secret") && object["apiVersion"] == "v1":
		out["data"] = keys(object)
	case custom(object["apiVersion"]) && told[kind] == nil:
		named, _ := names(spec).(map[string]any)
		out["spec"] = manifest.Merge(map[string]any{}, named)
	}
	return out
}

// at puts a value at a path of keys.
func at(path manifest.Path, value any) map[string]any {
	for i := len(path) - 1; i >= 0; i-- {
		value = map[string]any{path[i].(string): value}
	}
	return value.(map[string]any)
}

// custom reports whether a group is none of Kubernetes' own.
func custom(apiVersion any) bool {
	version, _ := apiVersion.(string)
	group, _, _ := strings.Cut(version, "/")
	return strings.Contains(group, ".") && (!strings.HasSuffix(group, ".k8s.io") || group == "gateway.networking.k8s.io")
}

func ports(value any) []any {
	endpoints, _ := value.([]any)
	var all []any
	for _, e := range endpoints {
		all = append(all, map[string]any{"port": manifest.Dig(e, "port")})
	}
	return all
}

// named matches the fields by which custom resources name what an operator makes of them.
var named = regexp.MustCompile(`(^n|N)ame$`)

// ofPods are the fields of custom resources of which operators make pods, and those that say that they make none. Policies take
// what is not there for not set.
var ofPods = []string{
	"automountServiceAccountToken", "containerOverrides", "containerSecurityContext", "containers", "external", "externalRgwEndpoints",
	"extraVolumeMounts", "extraVolumes", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "image", "imageName", "imagePullPolicy", "initContainers",
	"podPriorityClassName", "podSecurityContext", "priorityClassName", "resourceRequirements", "resources", "restartPolicy", "securityContext",
	"topologySpreadConstraints", "volumeMounts", "volumes",
}

// names copies of a value only what leads to names, and to what stands of pods there; nil where nothing does.
func names(value any) any {
	switch value := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, v := range value {
			if _, ok := v.(string); ok && named.MatchString(key) || slices.Contains(ofPods, key) && v != nil {
				out[key] = short(v)
			} else if below := names(v); below != nil {
				out[key] = below
			}
		}
		if len(out) > 0 {
			return out
		}
	case []any:
		var out []any
		for _, v := range value {
			if below := names(v); below != nil {
				out = append(out, below)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// keys gives the keys of a ConfigMap or Secret, and of what stands there the StorageClasses alone: operators make these of it.
func keys(object map[string]any) map[string]any {
	out := map[string]any{}
	for _, field := range []string{"data", "stringData", "binaryData"} {
		data, _ := object[field].(map[string]any)
		for key, value := range data {
			out[key] = nil
			if text, _ := value.(string); key == options {
				out[key] = value
			} else if made := classes(text); made != "" {
				out[key] = made
			}
		}
	}
	return out
}

// classes writes the names of the StorageClasses that stand in a text.
func classes(text string) (all string) {
	const class = "StorageClass"
	if !strings.Contains(text, class) {
		return ""
	}
	made, _ := manifest.Parse("", []byte(text))
	for _, r := range made {
		if r.ID.Kind == class {
			one, err := yaml.Marshal(map[string]any{"apiVersion": r.ID.APIVersion(), "kind": class, "metadata": map[string]any{"name": r.ID.Name}})
			if err == nil {
				all += "---\n" + string(one)
			}
		}
	}
	return all
}
