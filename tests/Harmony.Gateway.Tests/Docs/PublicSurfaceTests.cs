using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>Doc comments of the libraries that others build on say what a caller must know: a summary, units, and the exceptions of a member.</summary>
public sealed partial class PublicSurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Annotations and the platform's conventions say these.</summary>
    private static readonly string[] Implied = [nameof(ArgumentNullException), nameof(ObjectDisposedException), nameof(UnreachableException)];

    private static readonly Dictionary<int, OpCode> Codes =
        typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => (int)(ushort)c.Value);

    public static TheoryData<string> Libraries => ["Harmony.Core", "Harmony.Dicom", "Harmony.Jolt"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Members_HaveASummary(string library)
    {
        var docs = DocsOf(library);
        Assert.All(MembersOf(library), m => Assert.True(docs.Contains(IdOf(m)), $"{IdOf(m)} has no doc comment"));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Measures_NameTheirUnit(string library)
    {
        var docs = DocsOf(library);
        Assert.All(MembersOf(library), member =>
        {
            if (member is PropertyInfo { Name: var name } property && IsNumber(property.PropertyType) && IsMeasure(name))
                Assert.True(docs[IdOf(member)].Any(d => Unit().IsMatch(d.Value)), $"{IdOf(member)} names no unit, such as bytes or seconds");
            foreach (var parameter in (member as MethodBase)?.GetParameters().Where(p => IsNumber(p.ParameterType) && IsMeasure(p.Name!)) ?? [])
            {
                var texts = docs[IdOf(member)].SelectMany(d => d.Elements("param")).Where(p => p.Attribute("name")?.Value == parameter.Name);
                Assert.True(texts.Any(t => Unit().IsMatch(t.Value)), $"parameter '{parameter.Name}' of {IdOf(member)} names no unit, such as bytes or seconds");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Exceptions_ThatAMemberThrows_AreNamed(string library)
    {
        var docs = DocsOf(library);
        Assert.All(MembersOf(library).GroupBy(IdOf, StringComparer.Ordinal), overloads =>
        {
            foreach (var thrown in overloads.SelectMany(ThrownBy).GroupBy(t => t, StringComparer.Ordinal))
            {
                var named = docs[overloads.Key].Count(d => d.Elements("exception")
                    .Any(e => e.Attribute("cref")!.Value.EndsWith($".{thrown.Key}", StringComparison.Ordinal)));
                Assert.True(named >= thrown.Count(), $"{overloads.Key} throws {thrown.Key}; its doc comment needs an <exception>");
            }
        });
    }

    private static ILookup<string, XElement> DocsOf(string library)
        => XDocument.Load(Path.Combine(AppContext.BaseDirectory, library + ".xml")).Descendants("member")
            .ToLookup(m => m.Attribute("name")!.Value.Split('(')[0].Split('~')[0], StringComparer.Ordinal);

    /// <summary>Types and members that other assemblies see, but for what the compiler writes and what a base type or an interface describes.</summary>
    private static IEnumerable<MemberInfo> MembersOf(string library)
    {
        var types = Assembly.Load(library).GetTypes().Where(t => t.IsVisible && !t.IsSubclassOf(typeof(Delegate)));
        return types.SelectMany(t => t.GetMembers(Declared).Where(m => m switch
        {
            _ when m.IsDefined(typeof(CompilerGeneratedAttribute)) => false,
            MethodInfo method => IsSeen(method) && !(method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)) && !IsInherited(method),
            ConstructorInfo made => IsSeen(made) && made.GetParameters().Length > 0,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(a => IsSeen(a) && !IsInherited(a)),
            _ => false,
        }).Prepend(t));
    }

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsInherited(MethodInfo method)
        => method.GetBaseDefinition() != method
            || (!method.IsStatic && !method.DeclaringType!.IsInterface
                && method.DeclaringType.GetInterfaces().Any(i => method.DeclaringType.GetInterfaceMap(i).TargetMethods.Contains(method)));

    private static string IdOf(MemberInfo member)
    {
        if (member is Type type) return "T:" + NameOf(type);
        var name = member switch
        {
            ConstructorInfo => "#ctor",
            MethodInfo { IsGenericMethod: true } method => $"{method.Name}``{method.GetGenericArguments().Length}",
            _ => member.Name,
        };
        return $"{(member is PropertyInfo ? 'P' : 'M')}:{NameOf(member.DeclaringType!)}.{name}";
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static bool IsNumber(Type type)
        => (Nullable.GetUnderlyingType(type) ?? type) is var t && (t == typeof(int) || t == typeof(long) || t == typeof(uint));

    private static bool IsMeasure(string name) => Measure().IsMatch(name) && !NamesItsUnit().IsMatch(name);

    private static IEnumerable<string> ThrownBy(MemberInfo member) => member switch
    {
        MethodBase method => Thrown(method),
        PropertyInfo property => property.GetAccessors().SelectMany(Thrown).Distinct(StringComparer.Ordinal),
        _ => [],
    };

    /// <summary>The exceptions that a body makes and throws, or throws by a guard such as <c>ArgumentOutOfRangeException.ThrowIfNegative</c>.</summary>
    private static HashSet<string> Thrown(MethodBase method)
    {
        var thrown = new HashSet<string>(StringComparer.Ordinal);
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type? made = null;
        for (var at = 0; at < il.Length;)
        {
            var code = Codes[il[at] == 0xFE ? 0xFE00 | il[at + 1] : il[at]];
            var operand = at + code.Size;
            at = operand + LengthOf(code.OperandType, il, operand);
            var called = code == OpCodes.Newobj || code == OpCodes.Call ? Resolve(method, BitConverter.ToInt32(il, operand)) : null;
            if (code == OpCodes.Throw && made is not null) thrown.Add(made.Name);
            if (code == OpCodes.Call && called!.DeclaringType!.IsAssignableTo(typeof(Exception)) && called.Name.StartsWith("ThrowIf", StringComparison.Ordinal))
                thrown.Add(called.DeclaringType.Name);
            made = code == OpCodes.Newobj ? called!.DeclaringType : null;
        }

        thrown.ExceptWith(Implied);
        return thrown;
    }

    private static MethodBase Resolve(MethodBase method, int token)
        => method.Module.ResolveMethod(
            token, method.DeclaringType!.GetGenericArguments(), method is MethodInfo { IsGenericMethod: true } m ? m.GetGenericArguments() : null)!;

    private static int LengthOf(OperandType type, byte[] il, int at) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
        _ => 4,
    };

    [GeneratedRegex("length|size|offset|position|timeout|delay|interval", RegexOptions.IgnoreCase)]
    private static partial Regex Measure();

    [GeneratedRegex("Secs|Seconds|Bytes|Millis|Hours|Days")]
    private static partial Regex NamesItsUnit();

    [GeneratedRegex(
        @"\b(bytes?|megabytes|MiB|characters?|bits?|pixels?|samples?|milliseconds|seconds?|minutes|hours|days|elements?|entries|items?|values?|results?"
            + @"|tokens?|rows|columns?|lines?)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Unit();
}
