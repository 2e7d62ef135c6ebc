package listing

import (
	"fmt"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/size"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Sizes tells what is asked for on clusters, in all and of each machine, and what is not counted.
func Sizes(w io.Writer, clusters []size.Cluster) error {
	var text strings.Builder
	for _, c := range clusters {
		escape.Fprintf(&text, "cluster %s: the platform asks for %s; it claims %s of storage\n", c.Name, asks(c.Platform), size.Bytes(c.Platform.Once.Claims))
		if c.Machines == 0 {
			text.WriteString("    clusters[].nodes names the machines: then it is told what that takes of each\n")
		} else {
			fmt.Fprintf(&text, "    on %s that is %s", wording.Count(c.Machines, "machine"), room(c.Platform.On(c.Machines)))
			if c.Machines > 1 {
				fmt.Fprintf(&text, ", or %s of each", room(c.Share()))
			}
			text.WriteString("\n")
		}
		if c.Own != (size.Platform{}) {
			fmt.Fprintf(&text, "    what else is in this repository asks for %s\n", asks(c.Own))
		}
		if len(c.Unrendered) > 0 {
			escape.Fprintf(&text, "    not counted, because not rendered: %s; gitopsgen vendor puts their charts here\n", strings.Join(c.Unrendered, ", "))
		}
		for _, id := range c.Unread {
			escape.Fprintf(&text, "    not counted, because its pods are not known: %s\n", id)
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// asks writes what something asks for, and what of that on each machine.
func asks(p size.Platform) string {
	if p.Each == (size.Size{}) {
		return room(p.Once)
	}
	return room(p.Once) + ", and on each machine for " + room(p.Each)
}

// room writes what pods ask for.
func room(s size.Size) string {
	cores := size.Cores(s.CPU)
	if cores == "1" {
		return "1 core and " + size.Bytes(s.Memory) + " of memory"
	}
	return cores + " cores and " + size.Bytes(s.Memory) + " of memory"
}
