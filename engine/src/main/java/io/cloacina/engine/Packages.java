package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.StorageType;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.Pem;
import io.cloacina.engine.internal.host.Sha256;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.packages.PackageFiles;
import io.cloacina.engine.internal.packages.PackageJar;
import io.cloacina.engine.internal.packages.PackageLoader;
import io.cloacina.engine.internal.packages.PackageManifest;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.model.PackageRefusedException;
import io.cloacina.engine.model.PackageSigner;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.engine.model.UnknownPackageException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packages in the database: jars with workflows, which every engine with {@link EngineBuilder#packages} loads. A
 * package is code and runs with all the rights of the process that loads it; uploading it runs none of its code. Thread
 * safe.
 *
 * <p>A jar is a package if its manifest has these main attributes: {@code Cloacina-Package} and {@code
 * Cloacina-Version} name it, {@code Cloacina-Workflows} lists the classes of its workflows, separated by spaces; {@code
 * Cloacina-Description} and {@code Cloacina-Author} are optional. Each of these classes has a constructor without
 * parameters, and is either annotated as a workflow or a {@link java.util.function.Supplier} of a definition. The jar
 * contains all its dependencies except the JDK, {@code cloacina-api}, {@code slf4j-api} and the annotations of JSpecify
 * and Jackson.
 */
public final class Packages {
    private static final Logger LOG = LoggerFactory.getLogger(Packages.class);
    private static final int MAX_VERSION = 100;
    private static final int SAME_VERSION_TRIES = 10;

    private final RunningEngine engine;

    Packages(RunningEngine engine) {
        this.engine = engine;
    }

    private PackageFiles files() {
        return engine.runtime().packageFiles();
    }

    /**
     * Reads the workflows of a package from a file, for {@link EngineBuilder#workflow}; nothing is stored. Its code
     * runs with all the rights of this process.
     *
     * @throws PackageRefusedException if it is not a package, or larger than the default maximum size
     * @throws CloacinaException if the file cannot be read, or its classes cannot be loaded
     */
    public static List<WorkflowDefinition> workflowsOf(Path jar) {
        String what = what(jar);
        try {
            byte[] bytes = PackageFiles.read(jar, what, EngineBuilder.MAX_PACKAGE_BYTES);
            PackageJar read = PackageJar.read(bytes, what, EngineBuilder.MAX_PACKAGE_BYTES);
            return PackageLoader.definitions(read, what, PackageLoader.LOADED_WITHIN);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Stores a package. Uploading the same bytes again stores nothing new, but makes this the latest upload, which new
     * submissions use.
     *
     * @throws PackageRefusedException if it is not a package, too large or not trusted, or if different bytes are
     *     stored under its name and version; nothing is stored then
     * @throws CloacinaException if the file cannot be read
     */
    public StoredPackage upload(Path jar) {
        return upload(jar, null);
    }

    /**
     * As {@link #upload(Path)}, with the file of the package's signature, see {@link PackageSigner#sign}; null if it
     * has none.
     */
    public StoredPackage upload(Path jar, @Nullable Path signature) {
        String what = what(jar);
        try {
            byte[] bytes = PackageFiles.read(jar, what, engine.settings().maxPackageBytes());
            String text = signature == null ? null : Pem.text(signature);
            return upload(bytes, text, what);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static String what(Path jar) {
        return "package "
                + Arguments.shown(String.valueOf(
                        Arguments.given("the file of the package", jar).getFileName()));
    }

    private static CloacinaException unreadable(IOException e) {
        return new CloacinaException(
                ErrorCodes.PACKAGE_UNREADABLE, "the package cannot be read: " + Arguments.shortened(e), e);
    }

    /** As {@link #upload(Path)}, from the bytes of the package and the Base64 of its signature, which may be null. */
    public StoredPackage upload(byte[] jar, @Nullable String signature) {
        return upload(Arguments.given("the bytes of the package", jar).clone(), signature, "the package");
    }

    private StoredPackage upload(byte[] jar, @Nullable String signature, String what) {
        PackageJar read = PackageJar.read(jar, what, engine.settings().maxPackageBytes());
        String signed = signature == null || signature.isBlank() ? null : signature.strip();
        PackageTrust trust = engine.settings().trust() == null
                ? PackageTrust.any()
                : engine.settings().trust();
        trust.problem(jar, signed).ifPresent(problem -> {
            throw new PackageRefusedException(what, List.of(problem));
        });
        UniversalUuid registry = UniversalUuid.v7();
        Optional<Path> file = files().write(registry, jar);
        PackageStore.Header stored;
        try {
            stored = store(new Upload(read, UniversalBinary.of(jar), signed, registry));
        } catch (PackageRefusedException e) {
            file.ifPresent(PackageFiles::remove);
            throw e;
        }
        if (!stored.registry().equals(registry)) {
            file.ifPresent(PackageFiles::remove);
            files().restore(stored, jar);
        }
        follow(stored);
        return engine.readFirst(() -> described(
                engine.database().find(PackageStore.BY_ID, stored.id()).orElse(stored),
                engine.database().list(RunnerStore.ALL)));
    }

    /**
     * Lets other processes and, if this engine loads packages, this one follow a package that was just stored or
     * deleted.
     */
    private void follow(PackageStore.Header changed) {
        engine.parts().notifier().tellPackages();
        if (engine.runtime().packages() != null) {
            engine.runtime().packages().lookUntilLoaded(changed.id());
        }
    }

    private record Upload(
            PackageJar read, UniversalBinary jar, @Nullable String signature, UniversalUuid registry) {}

    /** The stored package; its registry id is that of the upload if it is new. */
    private PackageStore.Header store(Upload upload) {
        for (int tries = 1; ; tries++) {
            try {
                return engine.runtime()
                        .lanes()
                        .call(engine.parts().lease().runner(), work -> store(work.transaction(), upload));
            } catch (DatabaseException e) {
                // Another process stored it at the same time.
                if (e.kind() != ErrorKind.UNIQUE || tries == SAME_VERSION_TRIES) {
                    throw e;
                }
            }
        }
    }

    private PackageStore.Header store(WriteTransaction transaction, Upload upload) {
        PackageManifest its = upload.read.manifest();
        UniversalTimestamp at = after(transaction, its.name());
        PackageStore.Header before = transaction
                .find(PackageStore.FIND, new PackageStore.Version(its.name(), its.version()))
                .orElse(null);
        if (before != null && before.registry().equals(upload.registry)) {
            return before; // it was committed, and only the answer was lost
        }
        if (before != null && !before.hash().equals(upload.read.hash())) {
            throw new PackageRefusedException(
                    before.what(),
                    List.of("another package is stored under this version since " + before.createdAt() + " (SHA-256 "
                            + before.hash()
                            + (before.isDeleted() ? ", deleted, and kept for the executions that use it" : "")
                            + "): give it another version"));
        }
        if (before != null && serveAgain(transaction, before, upload, at)) {
            return before;
        }
        return insert(transaction, upload, at);
    }

    /** Makes a stored package the latest upload again; false if it was removed meanwhile. */
    private static boolean serveAgain(
            WriteTransaction transaction, PackageStore.Header before, Upload upload, UniversalTimestamp at) {
        String kept = upload.signature == null ? before.signature() : upload.signature;
        if (transaction.run(PackageStore.SERVE_AGAIN, new PackageStore.Again(before.id(), kept, at)) == 0) {
            return false;
        }
        if (before.storage() == StorageType.DATABASE
                && transaction
                        .find(PackageStore.BYTES, before.registry())
                        .filter(data -> Sha256.hex(data.bytes()).equals(before.hash()))
                        .isEmpty()) {
            transaction.run(PackageStore.RESTORE_BYTES, new PackageStore.NewBytes(before.registry(), upload.jar, at));
        }
        return true;
    }

    private PackageStore.Header insert(WriteTransaction transaction, Upload upload, UniversalTimestamp at) {
        PackageManifest its = upload.read.manifest();
        UniversalBinary data = files().storage() == StorageType.DATABASE ? upload.jar : UniversalBinary.of(new byte[0]);
        transaction.run(PackageStore.INSERT_BYTES, new PackageStore.NewBytes(upload.registry, data, at));
        ObjectNode metadata = JsonContext.empty();
        its.classes().forEach(metadata.putArray("classes")::add);
        PackageStore.Header header = new PackageStore.Header(
                UniversalUuid.v7(),
                upload.registry,
                its.name(),
                its.version(),
                its.description(),
                its.author(),
                metadata.toString(),
                files().storage(),
                upload.read.hash(),
                upload.jar.size(),
                upload.signature,
                null,
                at,
                at,
                null);
        transaction.run(PackageStore.INSERT, header);
        return header;
    }

    /** A time later than any other upload of the package, even if the clocks of processes differ. */
    private UniversalTimestamp after(WriteTransaction transaction, String name) {
        UniversalTimestamp at = UniversalTimestamp.now(engine.settings().clock());
        for (PackageStore.Header other : transaction.list(PackageStore.ALL)) {
            if (other.name().equals(name) && other.updatedAt().compareTo(at) >= 0) {
                at = other.updatedAt().plus(Duration.ofNanos(1_000));
            }
        }
        return at;
    }

    /**
     * Returns all packages, in the order of their first upload. A package whose row is damaged is logged and left out.
     */
    public List<StoredPackage> list() {
        List<RunnerStore.Stored> runners = engine.database().list(RunnerStore.ALL);
        List<StoredPackage> all = new ArrayList<>();
        for (PackageStore.Header stored : engine.database().list(PackageStore.ALL)) {
            try {
                all.add(described(stored, runners));
            } catch (CloacinaException e) {
                LOG.warn("{} cannot be read: {}", stored.what(), e.getMessage());
            }
        }
        return all;
    }

    /** Returns the package of that name and version; empty if there is none. */
    public Optional<StoredPackage> find(String name, String version) {
        return header(name, version)
                .map(stored -> described(stored, engine.database().list(RunnerStore.ALL)));
    }

    /**
     * Returns the bytes of a package.
     *
     * @throws UnknownPackageException if there is no such package
     * @throws CloacinaException if its bytes cannot be read
     */
    public byte[] content(String name, String version) {
        return files().read(header(name, version).orElseThrow(() -> new UnknownPackageException(name, version)));
    }

    /**
     * Deletes a package: it accepts no new submissions; executions that began with it finish with it, and then all
     * processes unload it and it is removed. Returns false if there is no such package, or it was deleted before.
     */
    public boolean delete(String name, String version) {
        PackageStore.Header stored =
                engine.readFirst(() -> header(name, version)).orElse(null);
        if (stored == null) {
            return false;
        }
        boolean[] isRemoved = {false};
        boolean isDeleted = engine.runtime().lanes().call(engine.parts().lease().runner(), work -> {
            // A package that no runner has loaded is not needed.
            isRemoved[0] = PackageStore.remove(work.transaction(), PackageStore.REMOVE_UNUSED, stored);
            return isRemoved[0] || work.run(PackageStore.DELETE, new PackageStore.Deleted(stored.id(), work.at())) == 1;
        });
        if (isRemoved[0]) {
            files().remove(stored);
        }
        follow(stored);
        return isDeleted;
    }

    private Optional<PackageStore.Header> header(String name, String version) {
        Arguments.name(ErrorCodes.INVALID_NAME, "the name of a package", name);
        Arguments.name(ErrorCodes.INVALID_NAME, "the version of a package", version, MAX_VERSION);
        return engine.database().find(PackageStore.FIND, new PackageStore.Version(name, version));
    }

    private static StoredPackage described(PackageStore.Header stored, List<RunnerStore.Stored> runners) {
        List<String> classes = new ArrayList<>();
        JsonContext.parse(stored.metadata(), stored.what()).path("classes").forEach(each -> classes.add(each.asText()));
        return new StoredPackage(
                stored.id().value(),
                stored.name(),
                stored.version(),
                stored.description(),
                stored.author(),
                stored.storage(),
                stored.hash(),
                stored.size(),
                classes,
                stored.workflows() == null ? List.of() : Workflows.labels(stored.workflows()),
                stored.signature() != null,
                stored.createdAt().toInstant(),
                stored.updatedAt().toInstant(),
                stored.deletedAt() == null ? null : stored.deletedAt().toInstant(),
                problems(stored, runners));
    }

    private static List<StoredPackage.Problem> problems(PackageStore.Header stored, List<RunnerStore.Stored> runners) {
        List<StoredPackage.Problem> problems = new ArrayList<>();
        for (RunnerStore.Stored runner : runners) {
            if (runner.packageProblems() != null) {
                JsonContext.pairs(runner.packageProblems()).stream()
                        .filter(pair -> pair.getKey().equals(stored.id().toString()))
                        .forEach(pair -> problems.add(new StoredPackage.Problem(
                                runner.id().value(), runner.host(), runner.pid(), pair.getValue())));
            }
        }
        return problems;
    }
}
