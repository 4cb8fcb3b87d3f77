using System.Collections.Concurrent;
using System.Reflection;
using System.Xml;
using System.Xml.Linq;

namespace Harmony.Core.Configuration.Reference;

/// <summary>
/// The summaries of doc comments, as Markdown on one line. They come from the XML file the compiler puts beside an assembly; where that
/// file is missing the summaries are empty, and nothing else suffers.
/// </summary>
public static class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Files = new();

    /// <summary>The summary of a type.</summary>
    public static string SummaryOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Find(type.Assembly, "T:" + NameOf(type));
    }

    /// <summary>The summary of a property.</summary>
    public static string SummaryOf(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        var type = property.DeclaringType!;
        return Find(type.Assembly, $"P:{NameOf(type)}.{property.Name}");
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Find(Assembly assembly, string member) => Files.GetOrAdd(assembly, Read).GetValueOrDefault(member, "");

    private static Dictionary<string, string> Read(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        try
        {
            return XDocument.Load(path).Descendants("member")
                .Where(m => m.Attribute("name") is not null && m.Element("summary") is not null)
                .ToDictionary(m => m.Attribute("name")!.Value, m => Markdown(m.Element("summary")!), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
        {
            return [];
        }
    }

    private static string Markdown(XElement element)
        => string.Join(' ', Inline(element).Split((char[])[' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Inline(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "paramref" } see => $"`{Named(see)}`",
        XElement other => $" {Inline(other)} ",
        _ => "",
    }));

    /// <summary>A property is a key to the reader: <c>P:Some.Options.PathPrefix</c> → <c>path_prefix</c>.</summary>
    private static string Named(XElement see)
    {
        if (see.Attribute("cref")?.Value is not { } cref) return see.Attribute("langword")?.Value ?? see.Attribute("name")?.Value ?? see.Value;
        var last = cref[(cref.LastIndexOf('.') + 1)..];
        return cref.StartsWith("P:", StringComparison.Ordinal) ? SnakeCase.From(last) : last;
    }
}
