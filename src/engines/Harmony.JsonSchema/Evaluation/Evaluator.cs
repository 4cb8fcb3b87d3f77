using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Evaluation;

/// <summary>Holds one document against a schema and collects what does not fit. Used once, by one thread.</summary>
/// <param name="tracks">Whether keywords of the schema ask for what others have looked at.</param>
/// <param name="maxViolations">How many violations are collected; the rest is not looked for.</param>
internal sealed class Evaluator(bool tracks, int maxViolations)
{
    private readonly List<string> _instancePath = [];
    private readonly List<string> _keywordPath = [];
    private readonly List<Violation> _violations = [];
    private DynamicScope? _scope;
    private Subschema? _current;
    private int _quiet;

    /// <summary>What was found.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Resources entered so far.</summary>
    public DynamicScope? Scope => _scope;

    /// <summary>Checks a value against a schema that applies to the value itself.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="instance">The value.</param>
    /// <param name="evaluated">Takes what the schema has looked at, if the value fits.</param>
    /// <param name="part">What follows the keyword in the path: an index, a name.</param>
    public bool Check(Subschema schema, JsonNode? instance, Evaluated? evaluated, string? part = null)
    {
        if (part is not null) _keywordPath.Add(part);
        var fits = Apply(schema, instance, evaluated);
        if (part is not null) _keywordPath.RemoveAt(_keywordPath.Count - 1);
        return fits;
    }

    /// <summary>The same without collecting violations: for alternatives.</summary>
    public bool Fits(Subschema schema, JsonNode? instance, Evaluated? evaluated)
    {
        _quiet++;
        var fits = Apply(schema, instance, evaluated);
        _quiet--;
        return fits;
    }

    /// <summary>Checks a member of the current object.</summary>
    public bool CheckMember(Subschema schema, string name, JsonNode? value, string? part = null)
    {
        _instancePath.Add(name);
        var fits = Check(schema, value, null, part);
        _instancePath.RemoveAt(_instancePath.Count - 1);
        return fits;
    }

    /// <summary>Checks an item of the current array.</summary>
    public bool CheckItem(Subschema schema, int index, JsonNode? item, string? part = null)
        => CheckMember(schema, index.ToString(CultureInfo.InvariantCulture), item, part);

    /// <summary>Says that the current value does not fit the current keyword; always false.</summary>
    public bool Fail(string message) => Fail(message, $"{_current!.Location}/{_keywordPath[^1]}");

    private bool Apply(Subschema schema, JsonNode? instance, Evaluated? evaluated)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (schema.Always is { } always) return always || Fail("nothing is allowed here", schema.Location);

        var (outerScope, outer) = (_scope, _current);
        if (_scope?.Resource != schema.Resource) _scope = new DynamicScope(_scope, schema.Resource);
        _current = schema;
        var own = tracks ? new Evaluated() : null;
        var fits = true;
        foreach (var keyword in schema.Keywords)
        {
            if (!fits && (keyword.NeedsOthers || _quiet > 0 || _violations.Count >= maxViolations)) break;
            _keywordPath.Add(keyword.Name);
            fits &= keyword.Check(instance, this, own);
            _keywordPath.RemoveAt(_keywordPath.Count - 1);
        }

        (_scope, _current) = (outerScope, outer);
        if (fits && own is not null) evaluated?.Add(own);
        return fits;
    }

    private bool Fail(string message, string location)
    {
        if (_quiet == 0 && _violations.Count < maxViolations)
        {
            _violations.Add(new Violation(Pointer(_instancePath), Pointer(_keywordPath), location, message));
        }

        return false;
    }

    private static string Pointer(List<string> path)
    {
        var pointer = new StringBuilder();
        foreach (var part in path) pointer.Append('/').Append(JsonPointer.Escape(part));
        return pointer.ToString();
    }
}
