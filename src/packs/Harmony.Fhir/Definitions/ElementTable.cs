using System.Collections.Frozen;
using System.Globalization;

namespace Harmony.Fhir.Definitions;

/// <summary>The kind of values that an element has.</summary>
internal enum ElementKind
{
    /// <summary>A primitive type.</summary>
    Primitive,

    /// <summary>An object with elements of its own.</summary>
    Complex,

    /// <summary>A resource of any type.</summary>
    Resource,
}

/// <summary>An element as JSON has it: a choice (<c>value[x]</c>) is one element for each type.</summary>
/// <param name="Name">The member.</param>
/// <param name="Place">Its number within the owner; the elements of one choice share a number.</param>
/// <param name="Kind">The kind of its values.</param>
/// <param name="Type">The primitive type; empty for others.</param>
/// <param name="IsList">Whether the element repeats.</param>
internal sealed record Element(string Name, int Place, ElementKind Kind, string Type, bool IsList)
{
    /// <summary>The elements of its values; null for primitives and resources.</summary>
    public ElementOwner? Content { get; set; }
}

/// <summary>A resource, a data type, or an element within one of these: an owner of elements.</summary>
internal sealed class ElementOwner
{
    /// <summary>The elements by member.</summary>
    public FrozenDictionary<string, Element> Elements { get; set; } = FrozenDictionary<string, Element>.Empty;

    /// <summary>The number of places.</summary>
    public int Places { get; set; }

    /// <summary>Names of the required elements, by their place.</summary>
    public IReadOnlyList<(int Place, string Name)> Required { get; set; } = [];
}

/// <summary>The elements of all types of R4, read once from a table that <c>eng/fhir-tables.cs</c> makes of the StructureDefinitions.</summary>
internal sealed class ElementTable
{
    private static readonly FrozenSet<string> Primitives = new[]
    {
        "base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer", "markdown", "oid", "positiveInt", "string",
        "time", "unsignedInt", "uri",
        "url", "uuid", "xhtml",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, ElementOwner> _owners;

    private ElementTable(IEnumerable<string> lines)
    {
        var rows = lines.Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')).ToList();
        var owners = rows.Select(r => OwnerOf(r[0])).Distinct(StringComparer.Ordinal).ToDictionary(o => o, _ => new ElementOwner(), StringComparer.Ordinal);
        foreach (var group in rows.GroupBy(r => OwnerOf(r[0]), StringComparer.Ordinal)) Fill(owners, group.Key, [.. group]);
        _owners = owners.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The table of R4.</summary>
    public static ElementTable R4 { get; } = Load();

    /// <summary>The elements of a resource type; null if R4 has no such type.</summary>
    public ElementOwner? Find(string type) => _owners.GetValueOrDefault(type);

    private static void Fill(Dictionary<string, ElementOwner> owners, string name, List<string[]> rows)
    {
        var elements = new Dictionary<string, Element>(StringComparer.Ordinal);
        var required = new List<(int, string)>();
        for (var place = 0; place < rows.Count; place++)
        {
            var (path, least, most, types) = (rows[place][0], rows[place][1], rows[place][2], rows[place][3].Split(','));
            var member = path[(name.Length + 1)..];
            var isChoice = member.EndsWith("[x]", StringComparison.Ordinal);
            if (isChoice) member = member[..^3];
            if (int.Parse(least, CultureInfo.InvariantCulture) > 0) required.Add((place, member));
            foreach (var type in types)
            {
                var element = ElementOf(isChoice ? member + char.ToUpperInvariant(type[0]) + type[1..] : member, place, type, most != "1");
                if (element.Kind == ElementKind.Complex)
                    element.Content = owners[type[0] == '=' ? type[1..] : type is "BackboneElement" or "Element" ? path : type];
                elements[element.Name] = element;
            }
        }

        var owner = owners[name];
        (owner.Elements, owner.Places, owner.Required) = (elements.ToFrozenDictionary(StringComparer.Ordinal), rows.Count, required);
    }

    private static Element ElementOf(string name, int place, string type, bool isList)
    {
        if (Primitives.Contains(type)) return new Element(name, place, ElementKind.Primitive, type, isList);
        return new Element(name, place, type is "Resource" or "DomainResource" ? ElementKind.Resource : ElementKind.Complex, "", isList);
    }

    private static string OwnerOf(string path) => path[..path.LastIndexOf('.')];

    private static ElementTable Load()
    {
        using var stream = typeof(ElementTable).Assembly.GetManifestResourceStream("Harmony.Fhir.Definitions.r4-elements.txt")!;
        using var reader = new StreamReader(stream);
        return new ElementTable(reader.ReadToEnd().Split('\n'));
    }
}
