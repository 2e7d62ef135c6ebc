package refused

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
	"github.com/gitopsgen/gitopsgen/linter/refused/pods"
)

// replicas judges what workloads have in common.
var replicas = field.All(
	field.At("replicas", field.AtLeast(0)),
	field.At("minReadySeconds", field.AtLeast(0)),
	field.At("revisionHistoryLimit", field.AtLeast(0)),
	field.At("template.spec.activeDeadlineSeconds", func(n *field.Node) {
		n.RefuseName("Leave it out.", "the pods of this kind have no deadline")
	}),
)

// rolling judges how pods are replaced; other is the type of a strategy that replaces them otherwise.
func rolling(strategy, other string, checks ...field.Check) field.Check {
	return field.At(strategy, func(n *field.Node) {
		if n.Get("type").Text() == other && n.Has("rollingUpdate") {
			n.Get("rollingUpdate").RefuseName("Leave it out, or write the type RollingUpdate.", "the type is %q, and only RollingUpdate has it", other)
			return
		}
		field.At("rollingUpdate", checks...)(n)
	})
}

var deployment = field.All(
	rolling("strategy", "Recreate", field.At("maxSurge", field.Share), field.At("maxUnavailable", field.Part), someMove),
	func(n *field.Node) {
		deadline, ok := n.Get("progressDeadlineSeconds").Number()
		ready, _ := n.Get("minReadySeconds").Number()
		if ok && deadline <= ready {
			n.Get("progressDeadlineSeconds").Refuse("Raise it above minReadySeconds.", "%d is not more than minReadySeconds, %d", deadline, ready)
		}
	},
)

// someMove refuses a rolling update that may neither add nor take away a pod.
func someMove(n *field.Node) {
	if field.IsNone(n.Get("maxSurge")) && field.IsNone(n.Get("maxUnavailable")) {
		n.Get("maxUnavailable").Refuse("Let one of them be more than 0.", "maxSurge and maxUnavailable are both 0, and no pod could be replaced")
	}
}

var daemonSet = rolling("updateStrategy", "OnDelete", field.At("maxSurge", field.Part), field.At("maxUnavailable", field.Part), func(n *field.Node) {
	surge, unavailable := n.Get("maxSurge"), n.Get("maxUnavailable")
	switch added := surge.Value != nil && !field.IsNone(surge); {
	case added && !field.IsNone(unavailable):
		surge.Refuse("Set maxUnavailable to 0.", "is set, and maxUnavailable, which is 1 by default, is not 0")
	case !added && field.IsNone(unavailable):
		unavailable.Refuse("Let one of them be more than 0.", "maxSurge and maxUnavailable are both 0, and no pod could be replaced")
	}
})

var statefulSet = field.All(
	field.At("serviceName", field.Label.Is),
	field.At("ordinals.start", field.AtLeast(0)),
	field.At("volumeClaimTemplates[]", field.At("metadata.name", field.Label.Is), field.At("spec", pods.Claim)),
	rolling("updateStrategy", "OnDelete", field.At("partition", field.AtLeast(0)), field.At("maxUnavailable", field.Part, func(n *field.Node) {
		if field.IsNone(n) {
			n.Refuse("Write 1 or more.", "is 0, and no pod could be replaced")
		}
	})),
)

// disruptionBudget judges how many pods may be away.
var disruptionBudget = field.All(
	field.Exclusive("minAvailable", "maxUnavailable"),
	field.At("minAvailable", field.Part),
	field.At("maxUnavailable", field.Part),
	field.At("selector", field.Selector),
)

var autoscaler = field.All(
	field.At("minReplicas", fewest),
	field.At("maxReplicas", field.AtLeast(1)),
	func(n *field.Node) {
		least, ok := n.Get("minReplicas").Number()
		if most, is := n.Get("maxReplicas").Number(); ok && is && most < least {
			n.Get("maxReplicas").Refuse("Raise it to minReplicas.", "%d is less than minReplicas, %d", most, least)
		}
	},
	field.At("metrics[]", metric),
	field.At("behavior.*", scaling),
)

// fewest judges how far is scaled down: to none from one version on.
func fewest(n *field.Node) {
	if n.Since("1.37") {
		field.AtLeast(0)(n)
	} else {
		field.AtLeast(1)(n)
	}
}

// scaling judges how fast is scaled.
var scaling = field.All(
	field.At("stabilizationWindowSeconds", field.Between(0, 3600)),
	field.At("policies", func(n *field.Node) {
		if len(n.Items()) == 0 {
			n.Refuse("List one, or leave the field out.", "lists none")
		}
	}),
	field.At("policies[]", field.At("type", field.OneOf("Percent", "Pods")), field.At("value", field.AtLeast(1)), field.At("periodSeconds", field.Between(1, 1800))),
)

// metric judges one by which is scaled: it has the settings of its type, and no others.
func metric(n *field.Node) {
	kind := n.Get("type").Text()
	sources := []string{"containerResource", "external", "object", "pods", "resource"}
	i := slices.IndexFunc(sources, func(source string) bool { return strings.EqualFold(source, kind) })
	if i < 0 {
		field.At("type", field.OneOf("ContainerResource", "External", "Object", "Pods", "Resource"))(n)
		return
	}
	own := sources[i]
	for _, source := range n.Those(sources) {
		if source != own {
			n.Get(source).RefuseName("Leave it out, or write its type.", "the type is %q", kind)
			continue
		}
		field.At("target", field.At("type", field.OneOf("AverageValue", "Utilization", "Value")), field.At("averageValue", field.Positive), field.At("value", field.Positive), field.At("averageUtilization", field.AtLeast(1)))(n.Get(source))
	}
	if !n.Has(own) {
		n.Refuse("Set "+own+".", "%s is not set, and the type is %q", own, kind)
	}
}

var job = field.All(
	field.At("template", pods.Template),
	field.At("selector", field.Selector),
	field.At("parallelism", field.AtLeast(0)), field.At("completions", field.AtLeast(0)), field.At("activeDeadlineSeconds", field.AtLeast(0)), field.At("backoffLimit", field.AtLeast(0)),
	field.At("ttlSecondsAfterFinished", field.AtLeast(0)), field.At("backoffLimitPerIndex", field.AtLeast(0)), field.At("maxFailedIndexes", field.AtLeast(0)),
	indexed,
	field.At("podFailurePolicy.rules[]", failureRule),
)

// indexed judges a Job whose pods are numbered, and what only such a one has.
func indexed(n *field.Node) {
	isIndexed := n.Get("completionMode").Text() == "Indexed"
	if isIndexed && !n.Has("completions") {
		n.Refuse("Set completions.", "completions is not set, and completionMode is %q", "Indexed")
	}
	for _, name := range n.Those([]string{"backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"}) {
		if !isIndexed {
			n.Get(name).RefuseName("Set completionMode to Indexed, or leave it out.", "only a Job with completionMode %q has it", "Indexed")
		}
	}
	if n.Has("maxFailedIndexes") && !n.Has("backoffLimitPerIndex") {
		n.Get("maxFailedIndexes").Refuse("Set backoffLimitPerIndex.", "needs backoffLimitPerIndex")
	}
	if restart := n.Get("template").Get("spec").Get("restartPolicy"); n.Has("podFailurePolicy") && restart.Text() == "OnFailure" {
		restart.Refuse("Write Never.", "is %q, and with podFailurePolicy it is Never", "OnFailure")
	}
}

// failureRule judges what becomes of a Job whose pod fails.
func failureRule(n *field.Node) {
	conditions := n.Get("onPodConditions")
	if hasCodes := n.Has("onExitCodes"); hasCodes == (len(conditions.Items()) > 0) {
		n.Refuse("Set one of them.", "onExitCodes and onPodConditions: one of them is to be set")
	}
	field.At("onExitCodes", field.Needs("values", ""))(n)
}

// jobName judges the name of a Job, which is the value of a label of its pods, and begins their names where these are numbered.
func jobName(n *field.Node) {
	name := n.Get("metadata").Get("name")
	spec := n.Get("spec")
	completions, ok := spec.Get("completions").Number()
	switch {
	case spec.Get("manualSelector").IsTrue():
	case len(name.Text()) > validation.LabelValueMaxLength:
		name.Refuse("Write 63 characters at most.", "%q has %d characters, and as a label of the pods 63 at most", name.Text(), len(name.Text()))
	case spec.Get("completionMode").Text() == "Indexed" && ok && completions > 0 && len(fmt.Sprintf("%s-%d", name.Text(), completions-1)) > validation.DNS1123LabelMaxLength:
		name.Refuse("Write a shorter one.", "%q and the number of a pod have more than 63 characters", name.Text())
	}
}

var cronJob = field.All(
	field.At("spec", field.At("schedule", schedule, field.Filled), field.At("timeZone", timeZone, field.Filled), field.At("startingDeadlineSeconds", field.AtLeast(0)),
		field.At("successfulJobsHistoryLimit", field.AtLeast(0)), field.At("failedJobsHistoryLimit", field.AtLeast(0)), field.At("jobTemplate.spec", job)),
	field.At("metadata.name", func(n *field.Node) {
		const most = validation.DNS1035LabelMaxLength - 11
		if got := len(n.Text()); got > most {
			n.Refuse(fmt.Sprintf("Write %d characters at most.", most), "%q has %d characters, and %d at most are taken: the Jobs have 11 more", n.Text(), got, most)
		}
	}),
)

// schedule judges when Jobs are made.
func schedule(n *field.Node) {
	text := n.Text()
	switch {
	case text == "":
	case strings.Contains(text, "TZ"):
		n.Refuse("Write the time zone into spec.timeZone.", "%q names a time zone, and those stand in spec.timeZone", text)
	default:
		if err := parseSchedule(text); err != nil {
			n.Refuse("Write five fields, for minute, hour, day, month and weekday, or a name as @daily.", "%q is no schedule: %s", text, strings.Join(strings.Fields(err.Error()), " "))
		}
	}
}

// parseSchedule reads a schedule as Kubernetes does: of some texts its library panics.
func parseSchedule(text string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	_, err = cron.ParseStandard(text)
	return err
}

var zonePart = regexp.MustCompile(`^[A-Za-z.\-_0-9+]{1,14}$`)

// timeZone judges the form of a name of one: which there are is the cluster's to know.
func timeZone(n *field.Node) {
	text := n.Text()
	if text == "" {
		return
	}
	for part := range strings.SplitSeq(text, "/") {
		if part == "." || part == ".." || strings.HasPrefix(part, "-") || !zonePart.MatchString(part) || strings.EqualFold(text, "Local") {
			n.Refuse("Write a name of the IANA's, like Europe/Berlin.", "%q is no time zone", text)
			return
		}
	}
}
