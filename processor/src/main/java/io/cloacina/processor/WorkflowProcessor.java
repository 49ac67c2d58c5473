package io.cloacina.processor;

import io.cloacina.api.annotation.Workflow;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;

/**
 * Checks workflow classes and writes their definitions, for the compiler; nobody calls it. To incremental builds it is aggregating:
 * each class is judged from itself and the types it names, but the one list of providers is made of all of them.
 */
public final class WorkflowProcessor extends AbstractProcessor {
    private final Map<String, String> classesByWorkflow = new HashMap<>();
    /** By name: the next round has elements of its own. */
    private Set<String> deferred = new LinkedHashSet<>();

    private Optional<Tools> tools = Optional.empty();

    /** For the compiler. */
    public WorkflowProcessor() {}

    /** What needs the environment. */
    private record Tools(ProcessingEnvironment environment, Language language, ServicesFile services) {}

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        tools = Optional.of(new Tools(
                environment,
                new Language(environment),
                new ServicesFile(environment.getFiler(), environment.getElementUtils())));
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    /** All: a class that lost its annotation has to lose its line in the list of providers, so it has to be seen. */
    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of("*");
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        tools.ifPresent(with -> process(with, round));
        return false;
    }

    private void process(Tools with, RoundEnvironment round) {
        ElementFilter.typesIn(round.getRootElements()).forEach(type -> remember(with, type));
        List<TypeElement> workflows = new ArrayList<>();
        deferred.forEach(name -> Optional.ofNullable(with.language.elements().getTypeElement(name))
                .ifPresent(workflows::add));
        deferred = new LinkedHashSet<>();
        workflows.addAll(ElementFilter.typesIn(round.getElementsAnnotatedWith(Workflow.class)));
        new StrayCheck(new Reporter(with.environment.getMessager())).check(round);
        Readiness readiness = new Readiness(with.language);
        for (TypeElement type : workflows) {
            if (readiness.isReady(type)) {
                Mirror.of(type, Workflow.class).ifPresent(workflow -> handle(with, type, workflow));
            } else {
                deferred.add(type.getQualifiedName().toString()); // in the last round javac says what is missing
            }
        }
        if (round.processingOver() && !round.errorRaised()) {
            writeServices(with);
        }
    }

    private static void remember(Tools with, TypeElement type) {
        with.services.compiles(with.language.elements().getBinaryName(type).toString());
        ElementFilter.typesIn(type.getEnclosedElements()).forEach(nested -> remember(with, nested));
    }

    private void handle(Tools with, TypeElement type, Mirror annotation) {
        Reporter reporter = new Reporter(with.environment.getMessager());
        PackageElement in = with.language.elements().getPackageOf(type);
        Imports imports = new Imports(with.language.elements(), in, Imports.definitionName(type));
        WorkflowModel workflow = new WorkflowReader(with.language, reporter, imports).read(type, annotation);
        GraphCheck graph = new GraphCheck(reporter, workflow);
        graph.check();
        OutputCheck outputs = new OutputCheck(with.language, reporter, graph);
        workflow.tasks().forEach(outputs::check);
        RuleCheck rules = new RuleCheck(reporter, graph);
        workflow.tasks().forEach(rules::check);
        new InputCheck(with.language, reporter, graph, workflow).check();
        checkNameTaken(reporter, workflow, annotation);
        if (reporter.isClean()) {
            write(with, reporter, workflow, imports);
        }
    }

    private void checkNameTaken(Reporter reporter, WorkflowModel workflow, Mirror annotation) {
        String own = workflow.type().getQualifiedName().toString();
        String first = classesByWorkflow.putIfAbsent(workflow.name(), own);
        if (first != null && !first.equals(own)) {
            reporter.report(Message.WORKFLOW_NAME_TAKEN, annotation.place("name"), workflow.name(), first);
        }
    }

    private static void write(Tools with, Reporter reporter, WorkflowModel workflow, Imports imports) {
        TypeElement type = workflow.type();
        String definition = qualified(with, type, Imports.definitionName(type));
        String source = new DefinitionWriter(with.language, imports, workflow).source();
        try (Writer writer =
                with.environment.getFiler().createSourceFile(definition, type).openWriter()) {
            writer.write(source);
            with.services.add(
                    definition, with.language.elements().getBinaryName(type).toString());
        } catch (IOException e) {
            reporter.report(Message.NOT_WRITTEN, Place.of(type), type.getSimpleName(), String.valueOf(e.getMessage()));
            return;
        }
        String client = Imports.clientName(type);
        Imports ofClient =
                new Imports(with.language.elements(), with.language.elements().getPackageOf(type), client);
        ClientWriter.source(with.language, ofClient, workflow)
                .ifPresent(text -> writeClient(with, reporter, type, qualified(with, type, client), text));
    }

    private static String qualified(Tools with, TypeElement workflow, String name) {
        PackageElement in = with.language.elements().getPackageOf(workflow);
        return in.isUnnamed() ? name : in.getQualifiedName() + "." + name;
    }

    private static void writeClient(Tools with, Reporter reporter, TypeElement type, String client, String source) {
        if (isSomebodyElses(with, type, client)) {
            reporter.warn(Message.CLIENT_NAME_TAKEN, Place.of(type), type.getSimpleName(), client);
            return;
        }
        try (Writer writer =
                with.environment.getFiler().createSourceFile(client, type).openWriter()) {
            writer.write(source);
        } catch (FilerException e) { // it is compiled with this
            reporter.warn(Message.CLIENT_NAME_TAKEN, Place.of(type), type.getSimpleName(), client);
        } catch (IOException e) {
            reporter.report(Message.NOT_WRITTEN, Place.of(type), type.getSimpleName(), String.valueOf(e.getMessage()));
        }
    }

    /** On the class path may be what an earlier compilation wrote, which does not tell who wrote it. */
    private static boolean isSomebodyElses(Tools with, TypeElement type, String client) {
        return with.language
                .known(type, client)
                .filter(known -> ElementFilter.methodsIn(known.getEnclosedElements()).stream()
                        .noneMatch(method -> method.getSimpleName().contentEquals("submission")))
                .isPresent();
    }

    private static void writeServices(Tools with) {
        try {
            with.services.write();
        } catch (IOException e) {
            with.environment
                    .getMessager()
                    .printMessage(
                            Diagnostic.Kind.ERROR,
                            Message.NOT_WRITTEN.text("all workflows", String.valueOf(e.getMessage())));
        }
    }
}
