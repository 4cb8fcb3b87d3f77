using System.Text;
using Harmony.Core.Envelope;

namespace Harmony.Fhir.Definitions;

/// <summary>
/// The parameters of a search, decoded, in their order. The query is written anew in one spelling, so that the server reads the parameters that were judged: a
/// semicolon or a second escape means the same to both.
/// </summary>
internal sealed class FhirQuery
{
    private readonly List<(string Name, string Value)> _pairs;

    private FhirQuery(List<(string, string)> pairs) => _pairs = pairs;

    /// <summary>The parameters; a parameter that repeats stands there several times.</summary>
    public IReadOnlyList<(string Name, string Value)> Pairs => _pairs;

    /// <summary>Reads a query or a form.</summary>
    public static FhirQuery Parse(string text) => new([.. QueryString.Parse(text).SelectMany(p => p.Value.Select(v => (p.Key, v)))]);

    /// <summary>The parameters of both.</summary>
    public FhirQuery With(FhirQuery other) => new([.. _pairs, .. other._pairs]);

    /// <summary>Replaces all values of a parameter by one.</summary>
    public void Set(string name, string value)
    {
        Remove(name);
        _pairs.Add((name, value));
    }

    /// <summary>Adds a parameter: the search has to fulfil this condition too.</summary>
    public void Add(string name, string value) => _pairs.Add((name, value));

    /// <summary>Removes a parameter, with and without the modifier <c>:Patient</c>.</summary>
    public void Remove(string name) => _pairs.RemoveAll(p => p.Name == name || p.Name == name + ":Patient");

    /// <summary>Whether there is a parameter of that name, modifiers and chains aside.</summary>
    public bool Has(string bare) => _pairs.Exists(p => Bare(p.Name) == bare);

    /// <summary>A parameter's name without modifier and chain.</summary>
    public static string Bare(string name)
    {
        var end = name.AsSpan().IndexOfAny(':', '.');
        return end < 0 ? name : name[..end];
    }

    /// <summary>
    /// The values of a parameter: a comma separates alternatives, unless a backslash stands before it (https://hl7.org/fhir/R4/search.html#escaping).
    /// </summary>
    public static IReadOnlyList<string> Alternatives(string value)
    {
        var (result, current) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length) current.Append(value[++i]);
            else if (value[i] == ',')
            {
                result.Add(current.ToString());
                current.Clear();
            }
            else
            {
                current.Append(value[i]);
            }
        }

        result.Add(current.ToString());
        return result;
    }

    /// <summary>A value, escaped so that it is one alternative.</summary>
    public static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);

    /// <summary>The query, without a question mark.</summary>
    public override string ToString() => string.Join('&', _pairs.Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value)}"));
}
