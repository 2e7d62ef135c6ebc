package linter

// Known are findings by their fingerprints, with how often each is known.
type Known map[string]int

// Know makes findings known.
func Know(findings []Finding) Known {
	known := Known{}
	for _, f := range findings {
		known[f.Fingerprint()]++
	}
	return known
}

// leave gives the findings that are not known, or more often than they are, and the others.
func (k Known) leave(findings []Finding) (unknown, known []Finding) {
	if len(k) == 0 {
		return findings, nil
	}
	seen := map[string]int{}
	for _, f := range findings {
		fingerprint := f.Fingerprint()
		if seen[fingerprint]++; seen[fingerprint] > k[fingerprint] {
			unknown = append(unknown, f)
		} else {
			known = append(known, f)
		}
	}
	return unknown, known
}
