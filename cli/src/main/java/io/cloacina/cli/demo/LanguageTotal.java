package io.cloacina.cli.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What there is of one language. */
record LanguageTotal(String language, long files, long lines, long bytes) {
    private LanguageTotal plus(LanguageTotal more) {
        return new LanguageTotal(language, files + more.files, lines + more.lines, bytes + more.bytes);
    }

    /** One total per language, the one with the most lines first. */
    static List<LanguageTotal> sum(Collection<LanguageTotal> parts) {
        Map<String, LanguageTotal> byLanguage = new TreeMap<>();
        parts.forEach(part -> byLanguage.merge(part.language, part, LanguageTotal::plus));
        List<LanguageTotal> totals = new ArrayList<>(byLanguage.values());
        // Stable, so languages with the same lines and bytes stay in the order of their names.
        totals.sort(Comparator.comparingLong(LanguageTotal::lines)
                .thenComparingLong(LanguageTotal::bytes)
                .reversed());
        return List.copyOf(totals);
    }
}
