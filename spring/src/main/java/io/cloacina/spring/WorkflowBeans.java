package io.cloacina.spring;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.api.WorkflowProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the workflows among the beans: definitions, and objects of classes with {@code @Workflow}. The latter by the
 * types that the annotation processor listed: a bean may be a proxy, whose class has no annotation.
 */
final class WorkflowBeans {
    private final ConfigurableListableBeanFactory beans;

    WorkflowBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    List<WorkflowDefinition> find() {
        List<Class<?>> types = new ArrayList<>();
        ServiceLoader.load(WorkflowProvider.class, beans.getBeanClassLoader()).forEach(each -> types.add(each.type()));
        Stream<WorkflowDefinition> annotated =
                Stream.of(beans.getBeanDefinitionNames()).flatMap(name -> annotated(name, types));
        return Stream.concat(beans.getBeanProvider(WorkflowDefinition.class).orderedStream(), annotated)
                .toList();
    }

    private Stream<WorkflowDefinition> annotated(String name, List<Class<?>> types) {
        if (ScopedProxyUtils.isScopedTarget(name)) {
            return Stream.empty();
        }
        Class<?> target = AutoProxyUtils.determineTargetClass(beans, name);
        if (target == null || types.stream().noneMatch(type -> type.isAssignableFrom(target))) {
            return Stream.empty();
        }
        Object bean = beans.getBean(name);
        if (types.stream().noneMatch(type -> type.isInstance(bean))) {
            throw new CloacinaException(
                    ErrorCodes.PROXIED_WORKFLOW,
                    "the bean '" + name + "' of the workflow " + target.getName()
                            + " is a proxy of its interfaces only, by which"
                            + " its tasks cannot be called: remove spring.aop.proxy-target-class=false, or let the class"
                            + " implement no interface");
        }
        return Stream.of(WorkflowDefinition.of(bean));
    }
}
