package io.cloacina.spring;

import java.util.List;
import java.util.stream.Stream;

/** For processes of tests in other packages: what is on the class path, and not in their applications. */
public final class TestExclusions {
    private TestExclusions() {}

    /** The auto-configurations of JPA and Spring Security, under their names in both lines. */
    public static List<String> all() {
        return Stream.concat(Applications.JPA.stream(), Applications.SECURITY.stream())
                .toList();
    }
}
