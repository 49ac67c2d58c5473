package io.cloacina.engine.internal.packages;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.Sha256;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.model.PackageTrust;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates workflows from the bytes of a package: repeats the checks that were made when it was uploaded, and only then runs its
 * code.
 */
public final class PackageLoader {
    /** How long a package may take to be loaded. */
    public static final Duration LOADED_WITHIN = Duration.ofSeconds(30);

    private static final int HASH_LENGTH = 12;
    private static final int MAX_VERSION = 100;

    private final PackageTrust trust;
    private final PackageFiles files;
    private final int maxBytes;
    private final int maxTasks;
    private final JsonMapping json;

    public PackageLoader(PackageTrust trust, PackageFiles files, Settings settings) {
        this.trust = trust;
        this.files = files;
        this.maxBytes = settings.maxPackageBytes();
        this.maxTasks = settings.maxTasks();
        this.json = settings.json();
    }

    /**
     * The workflows of a stored package.
     *
     * @throws RuntimeException whose message says why they cannot be loaded
     */
    List<Workflow> load(PackageStore.Header stored) {
        byte[] jar = files.read(stored);
        String what = stored.what();
        if (!Sha256.hex(jar).equals(stored.hash())) {
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
        List<Workflow> workflows = new ArrayList<>();
        for (WorkflowDefinition definition : definitions(read, what)) {
            Workflow.requireTasks(definition, maxTasks);
            workflows.add(new Workflow(definition, json, stored.id(), loaderOf(definition)));
        }
        return workflows;
    }

    /**
     * The workflows of a checked package, created in this thread. Their versions depend on all bytes of the package, because an
     * execution also depends on its other classes.
     */
    private static List<WorkflowDefinition> definitions(PackageJar jar, String what) {
        PackageClassLoader loader = new PackageClassLoader(what, jar.entries());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            List<WorkflowDefinition> definitions = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (String className : jar.manifest().classes()) {
                WorkflowDefinition definition = definition(className, loader);
                if (!names.add(definition.name())) {
                    throw broken(what, "it has two workflows named '" + definition.name() + "'", null);
                }
                definitions.add(definition.withVersion(version(definition, jar)));
            }
            return definitions;
        } catch (Throwable e) { // the edge of the package's code
            throw broken(what, said(e), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static @Nullable ClassLoader loaderOf(WorkflowDefinition definition) {
        return definition.tasks().stream()
                .map(task -> task.body().getClass().getClassLoader())
                .filter(PackageClassLoader.class::isInstance)
                .findFirst()
                .orElse(null);
    }

    private static String version(WorkflowDefinition definition, PackageJar jar) {
        String own = definition.version();
        String suffix = "+" + jar.hash().substring(0, HASH_LENGTH);
        return own.substring(0, Math.min(own.length(), MAX_VERSION - suffix.length())) + suffix;
    }

    /** As an engine would load them, of a package that may not be stored; in a thread of its own, because its code may hang. */
    public static List<WorkflowDefinition> definitions(PackageJar jar, String what, Duration atMost) {
        FutureTask<List<WorkflowDefinition>> task = begin(what, () -> definitions(jar, what));
        if (!Deadline.in(atMost).awaitSeen(task::isDone)) {
            task.cancel(true);
            throw broken(what, "its workflows were not created within " + atMost, null);
        }
        try {
            return resultOf(task);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CloacinaException known ? known : broken(what, said(e), e);
        }
    }

    /** The result of a task that has ended; the thread may be interrupted. */
    static <T> T resultOf(FutureTask<T> done) throws ExecutionException {
        boolean interrupted = Thread.interrupted();
        try {
            return done.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException("it is done, so nothing waits", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Starts loading in a thread of its own. */
    static <T> FutureTask<T> begin(String what, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "cloacina-loading " + what);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** The message of an error, as part of a message about a package. */
    static String said(Throwable cause) {
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
                    ErrorCodes.PACKAGE_BROKEN, "the class " + className + " has no constructor without parameters", e);
        }
        Object instance;
        try {
            instance = constructor.newInstance();
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CloacinaException(
                    ErrorCodes.PACKAGE_BROKEN,
                    "the class " + className + " could not be instantiated: " + cause,
                    cause);
        }
        if (!(instance instanceof Supplier<?> supplier)) {
            return WorkflowDefinition.of(instance);
        }
        if (supplier.get() instanceof WorkflowDefinition definition) {
            return definition;
        }
        throw new CloacinaException(
                ErrorCodes.PACKAGE_BROKEN, "the class " + className + " does not supply a WorkflowDefinition");
    }

    private static CloacinaException broken(String what, String why, @Nullable Throwable cause) {
        return new CloacinaException(ErrorCodes.PACKAGE_BROKEN, what + " cannot be loaded: " + why, cause);
    }
}
