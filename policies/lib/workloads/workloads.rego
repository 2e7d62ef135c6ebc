# METADATA
# title: Pods and containers of workloads
# description: >-
#   Finds the pods of an object wherever they stand, and their containers. A pod has its spec and its path ("at"), or
#   the paths of its fields ("places") where it has no spec of its own; so has a container, with its name ("" where it
#   has none), the list that it stands in, and its pod.
package lib.workloads

import data.lib.own_pods
import data.lib.pods as table

# kinds are the kinds that run pods, as group/Kind.
kinds := object.keys(table.rows) | object.keys(own_pods.rows)

# pods are the pods of an object.
pods(workload) := [pod |
	some row in _rows(workload.apiVersion, workload.kind)
	not _is_void(workload, row)
	some pod in _pods(workload, row)
]

# containers are the containers of an object, init and ephemeral ones among them.
containers(workload) := array.concat(_listed(pods(workload)), [container |
	some pod in pods(workload)
	some other in pod.others
	container := object.union(other, {"name": _name(other.spec), "list": "containers", "pod": pod, "overlay": pod.overlay})
])

# metadata are the metadata of the pods of an object, each with its value and its path.
metadata(workload) := [meta |
	some pod in pods(workload)
	path := array.concat(array.slice(pod.at, 0, count(pod.at) - 1), ["metadata"])
	meta := {"at": path, "value": object.get(workload, path, {})}
]

# at is the path of a field of a pod or a container. It is undefined where nobody can set it there, or where what is
# not set is not known: then there is nothing to blame.
at(part, path) := _place(part, path) if {
	not part.overlay
} else := _place(part, path) if {
	object.get(part.spec, path, null) != null
}

# security is the setting of a securityContext that holds for a container: the container's own, else the pod's, else
# the value null. It says of which it is, how its value is shown, and where it stands or belongs, unless there is no
# such place. A pod's says nothing of what containers alone have.
security(container, field) := _setting(container, "container", field) if {
	field in _of_containers
} else := _setting(container, "container", field) if {
	container.spec.securityContext[field] != null
} else := _setting(container.pod, "pod", field) if {
	container.pod.spec.securityContext[field] != null
} else := _setting(container, "container", field) if {
	at(container, ["securityContext", field])
} else := _setting(container.pod, "pod", field)

# whose says of which containers a setting of security is: container "lamp", or pod of "lamp", "shade".
whose(setting, holders) := sprintf("container %q", [setting.name]) if {
	setting.of == "container"
} else := sprintf("pod of %s", [concat(", ", [sprintf("%q", [container.name]) | some container in holders])])

# is_windows says that a pod or a container runs on Windows, where Linux's settings mean nothing.
is_windows(part) := object.get(object.get(part, "pod", part), ["spec", "os", "name"], null) == "windows"

# goes_on says that a pod of an object is to run without end: it is no Job's, and is started again when it ends.
goes_on(workload, pod) if {
	not workload.kind in {"CronJob", "Job"}
	not object.get(pod.spec, "restartPolicy", null) in {"Never", "OnFailure"}
}

# request is what the scheduler sets aside for a container: its own request, else its limit, which Kubernetes takes
# for one, else the pod's. It is undefined where nothing or zero is set aside.
request(container, resource) := amount if {
	amount := _request(container.spec.resources, resource)
	not _is_zero(amount)
} else := amount if {
	amount := _request(container.pod.spec.resources, resource)
	not _is_zero(amount)
}

# limit is what a container may use at most, or all containers of its pod together. It is undefined where there is no
# limit; zero is none.
limit(container, resource) := amount if {
	amount := _quantity(container.spec.resources.limits, resource)
	not _is_zero(amount)
} else := amount if {
	amount := _quantity(container.pod.spec.resources.limits, resource)
	not _is_zero(amount)
}

# shown is a value as messages write it: "not set" where the object holds none at path.
shown(workload, path) := _shown(object.get(workload, path, null))

# text is a value as messages write it. json.marshal alone writes for HTML, which a message is not.
text(value) := strings.replace_n({`\u0026`: "&", `\u003c`: "<", `\u003e`: ">"}, json.marshal(value))

_shown(null) := "not set"

_shown(value) := text(value) if value != null

_of_containers := {"allowPrivilegeEscalation", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem"}

_place(part, path) := place if {
	place := array.concat(part.at, path)
} else := array.concat(part.places[path[0]], array.slice(path, 1, count(path)))

_is_void(workload, row) if {
	not object.get(workload, split(row.unless, "."), null) in {null, false, []}
}

# A row without fields of its own is about whole pod specs.
_pods(workload, row) := [pod |
	some found in _found(workload, row)
	is_object(found.value)
	pod := {
		"at": found.at,
		"spec": found.value,
		"overlay": object.get(row, "overlay", false),
		"others": _others(found, row),
	}
] if {
	not row.container
} else := [pod |
	some found in _found(workload, row)
	is_object(found.value)
	container := object.union(object.get(row, ["sets", "container"], {}), _fields(found.value, row.container))
	pod := {
		"places": _places(found.at, object.get(row, "pod", {})),
		"containerPlaces": _places(found.at, row.container),
		"overlay": object.get(row, "overlay", false),
		"others": _others(found, row),
		"spec": object.union_n([
			object.get(row, ["sets", "pod"], {}),
			_fields(found.value, object.get(row, "pod", {})),
			{"containers": [object.union(container, {"name": object.get(row, "name", found.name)})]},
		]),
	}
]

_listed(all) := [container |
	some pod in all
	some list in ["containers", "ephemeralContainers", "initContainers"]
	some i, spec in pod.spec[list]
	container := object.union(_where(pod, list, i), {"name": _name(spec), "list": list, "spec": spec, "pod": pod, "overlay": pod.overlay})
]

# _others are the containers of fields that a pod of Kubernetes does not have, each of them one or several.
_others(found, row) := [other |
	some field in row.containers
	path := split(field, ".")
	some i, spec in _items(object.get(found.value, path, null))
	other := {"at": array.flatten([found.at, path, i]), "spec": spec}
]

_items(value) := value if is_array(value)

_items(value) := {[]: value} if is_object(value)

# _found is what stands at the path of a row, each item that "*" stands for with its own path and its name: its field, or
# what it says itself.
_found(workload, row) := [{"at": path, "value": value, "name": ""}] if {
	path := _path(object.get(row, "at", ""))
	not "*" in path
	value := object.get(workload, path, null)
} else := [{"at": array.flatten([before, i, after]), "value": value, "name": _item(i, part)} |
	[list, item] := split(row.at, ".*")
	before := split(list, ".")
	after := _path(trim_prefix(item, "."))
	some i, part in object.get(workload, before, [])
	value := object.get(part, after, null)
]

_path("") := []

_path(text) := split(text, ".") if text != ""

_item(i, _) := i if is_string(i)

_item(i, part) := _name(part) if is_number(i)

_fields(value, paths) := {field: _field(field, found) |
	some field, path in paths
	found := object.get(value, _path(path), null)
	found != null
}

# Some operators have images in parts. Of those of which they fill in one, the rest says nothing.
_field(field, value) := value if {
	not _is_parted(field, value)
} else := sprintf("%s:%v", [value.repository, value.tag])

_is_parted("image", value) if is_object(value)

_places(base, paths) := {field: array.concat(base, _path(path)) | some field, path in paths}

_where(pod, list, i) := {"at": path} if {
	path := array.concat(pod.at, [list, i])
} else := {"places": pod.containerPlaces}

_setting(part, of, field) := object.union(_told(part, of, field), {"at": place}) if {
	place := at(part, ["securityContext", field])
} else := _told(part, of, field)

_told(part, of, field) := {"field": field, "of": of, "value": value, "shown": _shown(value), "name": object.get(part, "name", "")} if {
	value := object.get(part.spec, ["securityContext", field], null)
}

_rows(version, name) := array.concat([row | some row in table.rows[kind]], object.get(own_pods.rows, kind, [])) if {
	kind := sprintf("%s/%s", [_group(version), name])
}

_group(version) := split(version, "/")[0] if {
	contains(version, "/")
} else := "core"

_name(spec) := spec.name if {
	is_string(spec.name)
} else := ""

_request(resources, resource) := amount if {
	amount := _quantity(resources.requests, resource)
} else := _quantity(resources.limits, resource)

_quantity(amounts, resource) := amounts[resource] if amounts[resource] != null

_is_zero(amount) if regex.match(`^[+-]?0*\.?0*([eE][+-]?[0-9]+|[a-zA-Z]*)$`, sprintf("%v", [amount]))
