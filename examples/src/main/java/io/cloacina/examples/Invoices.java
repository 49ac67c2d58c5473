package io.cloacina.examples;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.StoredPackage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A package: a workflow that this program does not know, from a jar in the registry. */
public final class Invoices {
    private Invoices() {}

    /** Arguments: the URL of a database, and the jar of a package. */
    public static void main(String[] arguments) {
        try (Engine engine =
                Engine.builder(arguments[0]).packages(PackageTrust.any()).start()) {
            StoredPackage stored = engine.packages().upload(Path.of(arguments[1]));
            System.out.println(stored.name() + " " + stored.version() + " has " + stored.classes());
            UUID id = engine.submit(
                    "invoice",
                    Map.of(
                            "customer",
                            "Ada",
                            "lines",
                            List.of(Map.of("article", "chair", "pieces", 2, "price", new BigDecimal("49.50")))));
            engine.await(id);
            System.out.println(engine.context(id).get("write", String.class));
        }
    }
}
