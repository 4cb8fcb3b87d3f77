using System.Collections.Frozen;
using Harmony.Jolt.Compilation;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary>One compiled operation of a chain. Immutable: many threads apply it at once.</summary>
internal interface IOperation
{
    /// <summary>Transforms <paramref name="input"/>, which the operation may change as far as it is not shared.</summary>
    DocValue Apply(DocValue input, JoltRun run);
}

/// <summary>The operations of a chain by name.</summary>
internal static class OperationCatalog
{
    /// <summary>Compiles the <c>spec</c> of an operation; null when errors were reported.</summary>
    public delegate IOperation? Compiler(DocValue spec, SpecScope scope);

    private static readonly FrozenDictionary<string, Compiler> Compilers = new Dictionary<string, Compiler>
    {
        ["shift"] = Shift.Compile,
        ["default"] = Default.Compile,
        ["remove"] = Remove.Compile,
        ["sort"] = Sort.Compile,
        ["cardinality"] = Cardinality.Compile,
        ["modify-overwrite-beta"] = (spec, scope) => Modify.Compile(spec, scope, WriteMode.Overwrite),
        ["modify-default-beta"] = (spec, scope) => Modify.Compile(spec, scope, WriteMode.Default),
        ["modify-define-beta"] = (spec, scope) => Modify.Compile(spec, scope, WriteMode.Define),
    }.ToFrozenDictionary();

    /// <summary>The classes of the reference implementation, which older specs name.</summary>
    private static readonly FrozenDictionary<string, string> NamesByClass = new (string Class, string Name)[]
    {
        ("Shiftr", "shift"),
        ("Defaultr", "default"),
        ("Removr", "remove"),
        ("Sortr", "sort"),
        ("CardinalityTransform", "cardinality"),
        ("Modifier$Overwritr", "modify-overwrite-beta"),
        ("Modifier$Defaultr", "modify-default-beta"),
        ("Modifier$Definr", "modify-define-beta"),
    }.ToFrozenDictionary(c => "com.bazaarvoice.jolt." + c.Class, c => c.Name);

    /// <summary>Every name, for error messages.</summary>
    public static IReadOnlyList<string> Names => Compilers.Keys;

    /// <summary>The compiler of the operation <paramref name="name"/>, or of the class of that name; null when there is none.</summary>
    public static Compiler? Find(string name) => Compilers.GetValueOrDefault(NamesByClass.GetValueOrDefault(name, name));
}
