package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes workflows of the bytes of a package: checks again what was checked when it was uploaded, and only then runs code of it. */
final class PackageLoader {
    private final PackageTrust trust;
    private final PackageFiles files;
    private final int maxBytes;
    private final int maxTasks;
    private final Duration atMost;

    /** @param atMost how long the classes of a package may take to be made */
    PackageLoader(PackageTrust trust, PackageFiles files, int maxBytes, int maxTasks, Duration atMost) {
        this.trust = trust;
        this.files = files;
        this.maxBytes = maxBytes;
        this.maxTasks = maxTasks;
        this.atMost = atMost;
    }

    /** Its workflows. @throws RuntimeException that says why there are none */
    List<Workflow> load(PackageStore.Header stored) {
        byte[] jar = files.read(stored);
        String what = stored.what();
        if (!PackageJar.hash(jar).equals(stored.hash())) {
            throw broken(what, "its bytes are not those that were uploaded: they were changed or damaged", null);
        }
        trust.problem(jar, stored.signature()).ifPresent(problem -> {
            throw broken(what, problem, null);
        });
        PackageJar read = PackageJar.read(jar, what, maxBytes);
        if (!read.manifest().name().equals(stored.name())
                || !read.manifest().version().equals(stored.version())) {
            throw broken(what, "its manifest names another package or version", null);
        }
        PackageClassLoader loader = new PackageClassLoader(what, read.entries());
        List<Workflow> workflows = new ArrayList<>();
        for (WorkflowDefinition definition : definitions(read, loader, what, atMost)) {
            Workflow.requireTasks(definition, maxTasks);
            workflows.add(new Workflow(definition));
        }
        return workflows;
    }

    /** Those of a package that is checked, and need not be stored. */
    static List<WorkflowDefinition> definitions(PackageJar jar, String what, Duration atMost) {
        return definitions(jar, new PackageClassLoader(what, jar.entries()), what, atMost);
    }

    private static List<WorkflowDefinition> definitions(
            PackageJar jar, PackageClassLoader loader, String what, Duration atMost) {
        List<WorkflowDefinition> definitions = made(jar.manifest().classes(), loader, what, atMost);
        Set<String> names = new HashSet<>();
        for (WorkflowDefinition definition : definitions) {
            if (!names.add(definition.name())) {
                throw broken(what, "it has two workflows named '" + definition.name() + "'", null);
            }
        }
        return definitions;
    }

    /** In a thread of its own, which may hang without holding up anything else. */
    private static List<WorkflowDefinition> made(
            List<String> classes, PackageClassLoader loader, String what, Duration atMost) {
        FutureTask<List<WorkflowDefinition>> task = new FutureTask<>(() -> {
            List<WorkflowDefinition> definitions = new ArrayList<>();
            for (String name : classes) {
                definitions.add(definition(name, loader));
            }
            return definitions;
        });
        Thread thread = new Thread(task, "cloacina-loading " + what);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        try {
            return task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw broken(what, "its workflows were not made within " + atMost, e);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw broken(what, "the engine is closing", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw broken(what, said(cause), cause);
        }
    }

    private static String said(Throwable cause) {
        if (cause instanceof CloacinaException) {
            return String.valueOf(cause.getMessage());
        }
        return cause instanceof ExceptionInInitializerError && cause.getCause() != null
                ? "a class could not be initialised: " + cause.getCause()
                : cause.toString();
    }

    private static WorkflowDefinition definition(String className, PackageClassLoader loader)
            throws ReflectiveOperationException {
        Class<?> type = Class.forName(className, true, loader);
        Constructor<?> constructor;
        try {
            constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new CloacinaException(
                    "PACKAGE_BROKEN", "the class " + className + " has no constructor without parameters", e);
        }
        Object instance;
        try {
            instance = constructor.newInstance();
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CloacinaException(
                    "PACKAGE_BROKEN", "the class " + className + " could not be made: " + cause, cause);
        }
        if (!(instance instanceof Supplier<?> supplier)) {
            return WorkflowDefinition.of(instance);
        }
        if (supplier.get() instanceof WorkflowDefinition definition) {
            return definition;
        }
        throw new CloacinaException(
                "PACKAGE_BROKEN", "the class " + className + " supplies something else than a WorkflowDefinition");
    }

    private static CloacinaException broken(String what, String why, @Nullable Throwable cause) {
        String message = what + " cannot be loaded: " + why;
        return cause == null
                ? new CloacinaException("PACKAGE_BROKEN", message)
                : new CloacinaException("PACKAGE_BROKEN", message, cause);
    }
}
