package io.cloacina.processor;

import java.util.stream.Collectors;
import javax.annotation.processing.Generated;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;

/** What generated sources have in common. */
final class GeneratedSource {
    private static final String PROCESSOR = GeneratedSource.class.getPackageName() + ".WorkflowProcessor";

    private final Language language;
    private final Imports imports;
    private final TypeElement workflow;

    GeneratedSource(Language language, Imports imports, TypeElement workflow) {
        this.language = language;
        this.imports = imports;
        this.workflow = workflow;
    }

    /** The whole source. The class is written before it, as it decides what is imported. */
    String with(String writtenClass) {
        PackageElement in = language.elements().getPackageOf(workflow);
        String head = in.isUnnamed() ? "" : "package " + in.getQualifiedName() + ";\n\n";
        String imported = imports.imported().stream()
                .map(name -> "import " + name + ";\n")
                .collect(Collectors.joining());
        return head + imported + (imported.isEmpty() ? "" : "\n") + writtenClass;
    }

    /** The line with the annotation. A module need not read the one that has it. */
    String annotation() {
        TypeElement known = language.elements()
                .getTypeElement(language.elements().getModuleOf(workflow), Generated.class.getCanonicalName());
        return known == null ? "" : "@" + imports.name(known) + "(\"" + PROCESSOR + "\")\n";
    }
}
