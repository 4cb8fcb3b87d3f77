using System.Collections.Frozen;

namespace Harmony.Fhir.Definitions;

/// <summary>A search parameter and the elements that it looks at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsReference">Whether the parameter is of type reference, else token.</param>
/// <param name="Paths">The elements that hold its values.</param>
internal sealed record SearchParameter(string Name, bool IsReference, IReadOnlyList<ElementPath> Paths);

/// <summary>The path of an element: members of JSON, from the resource down.</summary>
/// <param name="Names">The members.</param>
/// <param name="Target">The resource type to which references count; empty for any.</param>
internal sealed record ElementPath(string[] Names, string Target);

/// <summary>
/// The search parameters of R4 of type token and reference, and the patient compartment
/// (https://hl7.org/fhir/R4/compartmentdefinition-patient.html). Read once, from a table that <c>eng/fhir-tables.cs</c> makes.
/// </summary>
internal sealed class SearchTable
{
    /// <summary>The parameter that names the patient whom a resource is about, in the order in which types are asked for it.</summary>
    private static readonly string[] AboutWhom = ["patient", "subject", "beneficiary", "individual", "actor"];

    private readonly FrozenDictionary<(string Type, string Name), SearchParameter> _parameters;
    private readonly FrozenDictionary<string, Membership> _compartment;

    private SearchTable(IEnumerable<string> lines)
    {
        var parameters = new Dictionary<(string, string), SearchParameter>();
        var compartment = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var line in lines.Where(l => l.Length > 0 && l[0] != '#'))
        {
            var words = line.Split(' ');
            if (words[2] == "compartment") compartment[words[0]] = words[3..];
            else parameters[(words[0], words[1])] = new SearchParameter(words[1], words[2] == "reference", [.. words[3..].Select(Path)]);
        }

        _parameters = parameters.ToFrozenDictionary();
        _compartment = compartment.Where(c => c.Key is not ("Patient" or "Group"))
            .ToFrozenDictionary(c => c.Key, c => MembershipOf(c.Key, c.Value), StringComparer.Ordinal);
    }

    /// <summary>The table of R4.</summary>
    public static SearchTable R4 { get; } = Load();

    /// <summary>A parameter of a type, or of all types; null for a parameter that is neither token nor reference, or does not look at plain elements.</summary>
    public SearchParameter? Find(string type, string name)
        => _parameters.GetValueOrDefault((type, name)) ?? _parameters.GetValueOrDefault(("Resource", name))
            ?? _parameters.GetValueOrDefault(("DomainResource", name));

    /// <summary>
    /// How resources of a type belong to a patient; null for types that belong to none, for Patient, and for Group, which shows other members.
    /// </summary>
    public Membership? CompartmentOf(string type) => _compartment.GetValueOrDefault(type);

    private Membership MembershipOf(string type, string[] names)
    {
        var about = AboutWhom.Select(n => _parameters.GetValueOrDefault((type, n))).FirstOrDefault(p => p is { IsReference: true })
            ?? _parameters[(type, names[0])];
        return new Membership(about, [.. names.Select(n => _parameters.GetValueOrDefault((type, n))).OfType<SearchParameter>().Append(about).Distinct()]);
    }

    private static ElementPath Path(string text) => text.Split(':') is [var path, var target] ? new(path.Split('.'), target) : new(text.Split('.'), "");

    private static SearchTable Load()
    {
        using var stream = typeof(SearchTable).Assembly.GetManifestResourceStream("Harmony.Fhir.Definitions.r4.txt")!;
        using var reader = new StreamReader(stream);
        return new SearchTable(reader.ReadToEnd().Split('\n'));
    }
}

/// <summary>How resources of a type belong to the compartment of a patient.</summary>
/// <param name="About">
/// The parameter that names the patient whom the resource is about: searches are narrowed by it, and what is written must name the patient in it.
/// </param>
/// <param name="All">All parameters of the CompartmentDefinition: what is read may name the patient in any.</param>
internal sealed record Membership(SearchParameter About, IReadOnlyList<SearchParameter> All);
