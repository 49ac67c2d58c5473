package io.cloacina.cli;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** All classes of the modules that are published, without their tests, and which of them need which others. */
final class OurClasses {
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.cloacina");

    private static final String PREFIX = "io.cloacina.";

    private OurClasses() {}

    /** The name of the class that is not nested, without the beginning of all names. */
    static String outermost(JavaClass type) {
        String name = type.getBaseComponentType().getName().replaceFirst("\\$.*", "");
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    /** Which class needs which others of ours, with those that are nested in it. */
    static Map<String, Set<String>> dependencies() {
        Map<String, Set<String>> all = new HashMap<>();
        for (JavaClass type : ALL) {
            String name = outermost(type);
            Set<String> needed = all.computeIfAbsent(name, key -> new HashSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = outermost(dependency.getTargetClass());
                if (dependency.getTargetClass().getPackageName().startsWith("io.cloacina") && !target.equals(name)) {
                    needed.add(target);
                }
            }
        }
        return all;
    }

    /** What the classes need, directly or by others; they are among it only if another one of it needs them. */
    static Set<String> reachable(Collection<String> from, Map<String, Set<String>> dependencies) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            for (String next : dependencies.getOrDefault(open.pop(), Set.of())) {
                if (seen.add(next)) {
                    open.push(next);
                }
            }
        }
        return seen;
    }
}
