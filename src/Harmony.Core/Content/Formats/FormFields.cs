using System.Text.Json.Nodes;
using Harmony.Core.Configuration;

namespace Harmony.Core.Content.Formats;

/// <summary>
/// Gathers the fields of a form: of equal names the last counts, <c>name[]</c> and <c>name[anything]</c> gather in an array <c>name</c>.
/// </summary>
internal sealed class FormFields(ContentLimitsSection limits)
{
    private int _count;

    /// <summary>The fields so far.</summary>
    public JsonObject Values { get; } = [];

    /// <exception cref="ContentException">There are too many.</exception>
    public void Add(string name, string value)
    {
        Count();
        var bracket = name.EndsWith(']') ? name.IndexOf('[', StringComparison.Ordinal) : -1;
        if (bracket <= 0) Values[name] = value;
        else if (Values[name[..bracket]] is JsonArray several) several.Add(value);
        else Values[name[..bracket]] = new JsonArray(value);
    }

    /// <exception cref="ContentException">There are too many.</exception>
    private void Count()
    {
        if (++_count > limits.MaxFormFields) throw ContentException.TooMany("fields", "max_form_fields", limits.MaxFormFields);
    }
}
