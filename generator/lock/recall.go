package lock

import (
	"bytes"
	"slices"
	"strings"
)

// Recall takes over from an earlier state of a repository what is damaged here, and gives the paths of the files of which it is known
// now what was written. A text is taken that is the one that was written by its digest; without one, where all that both states
// know is the same.
func (l *Lock) Recall(past Lock) (recalled []string) {
	l.Files, l.Damaged = slices.Clone(l.Files), slices.Clone(l.Damaged)
	same := l.agrees(past)
	for i, f := range l.Files {
		if f.Data != nil || !l.isDamaged(f.Path) {
			continue
		}
		was, known := past.Pristine(f.Path)
		if known && was != nil && (f.digest == short(was) || f.digest == "" && same) {
			l.Files[i].Data, l.Files[i].digest = was, ""
			recalled = append(recalled, f.Path)
		}
	}
	if same {
		recalled = append(recalled, l.recallLost(past)...)
	}
	l.Damaged = slices.DeleteFunc(l.Damaged, func(d Damage) bool { return slices.Contains(recalled, d.File) })
	slices.Sort(recalled)
	return recalled
}

// recallLost takes over the files that are lost from archives here, and whole there.
func (l *Lock) recallLost(past Lock) (recalled []string) {
	whole := func(d Damage) bool {
		return d.File == "" && !slices.ContainsFunc(past.Damaged, func(other Damage) bool { return other.Archive == d.Archive && other.File == "" }) &&
			slices.Contains(past.archives(), archiveName(d.Archive))
	}
	for _, d := range l.Damaged {
		if !whole(d) {
			continue
		}
		for _, f := range past.Files {
			if _, known := l.Pristine(f.Path); !known && f.Data != nil && archivePath(archiveOf(f.Path)) == d.Archive && !slices.Contains(l.Deleted, f.ID) {
				l.Files = append(l.Files, f)
				recalled = append(recalled, f.Path)
			}
		}
		if l.Spec == nil && d.Archive == archivePath(archiveOf(specPath)) {
			l.Spec = past.Spec
		}
	}
	l.Damaged = slices.DeleteFunc(l.Damaged, whole)
	slices.SortFunc(l.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return recalled
}

// isDamaged reports whether a file is one of those that are damaged.
func (l Lock) isDamaged(file string) bool {
	return slices.ContainsFunc(l.Damaged, func(d Damage) bool { return d.File == file })
}

// agrees reports whether all that two states know is the same in both.
func (l Lock) agrees(past Lock) bool {
	return l.Gitopsgen == past.Gitopsgen && slices.Equal(l.Records, past.Records) && !slices.ContainsFunc(l.Files, func(f File) bool {
		was, known := past.Pristine(f.Path)
		return f.Data != nil && (!known || was != nil && !bytes.Equal(was, f.Data))
	})
}

// Lost reports whether a file may have stood in an archive that is not whole.
func (l Lock) Lost(file string) bool {
	return slices.ContainsFunc(l.Damaged, func(d Damage) bool { return d.File == "" && d.Archive == archivePath(archiveOf(file)) })
}
