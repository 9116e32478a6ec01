using System.Reflection;

namespace Acme.Shop.Tests.Architecture;

/// <summary>The types that another type mentions in its bases, members, attributes and local variables.</summary>
public static class TypeReferences
{
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IEnumerable<Type> Of(Type type) =>
        Mentioned(type).Where(reference => reference is not null).SelectMany(reference => Parts(reference!)).Distinct();

    private static IEnumerable<Type?> Mentioned(Type type) =>
    [
        type.BaseType,
        .. type.GetInterfaces(),
        .. type.GetCustomAttributesData().Select(attribute => attribute.AttributeType),
        .. type.GetFields(Own).Select(field => field.FieldType),
        .. type.GetMethods(Own).SelectMany(Mentioned),
        .. type.GetConstructors(Own).SelectMany(Mentioned),
    ];

    private static IEnumerable<Type?> Mentioned(MethodBase method) =>
    [
        (method as MethodInfo)?.ReturnType,
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
    ];

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? [type, .. type.GetGenericArguments().SelectMany(Parts)]
        : [type];
}
