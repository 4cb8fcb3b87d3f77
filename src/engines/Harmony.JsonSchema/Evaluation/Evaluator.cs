using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text;
using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Evaluation;

/// <summary>Validates a document against a schema and collects violations. Used once, by one thread.</summary>
/// <param name="tracks">Whether the schema has a keyword that needs the members and items evaluated by others.</param>
/// <param name="maxViolations">The number of violations after which the validation ends.</param>
internal sealed class Evaluator(bool tracks, int maxViolations)
{
    private readonly List<string> _instancePath = [];
    private readonly List<string> _keywordPath = [];
    private readonly List<Violation> _violations = [];
    private DynamicScope? _scope;
    private Subschema? _current;
    private int _quiet;

    /// <summary>The violations.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Resources entered so far.</summary>
    public DynamicScope? Scope => _scope;

    /// <summary>Checks a value against a schema that applies to the value itself.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="instance">The value.</param>
    /// <param name="evaluated">Receives the members and items that the schema has evaluated, if the value is valid.</param>
    /// <param name="part">The index or name behind the keyword in the path; null for none.</param>
    public bool Check(Subschema schema, JsonNode? instance, Evaluated? evaluated, string? part = null)
    {
        if (part is not null) _keywordPath.Add(part);
        var fits = Apply(schema, instance, evaluated);
        if (part is not null) _keywordPath.RemoveAt(_keywordPath.Count - 1);
        return fits;
    }

    /// <summary>Checks a value without collecting violations, for alternatives.</summary>
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

    /// <summary>Adds a violation of the current keyword by the current value; always false.</summary>
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

/// <summary>
/// The members and items of a value that keywords have evaluated, for <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> (§11).
/// </summary>
internal sealed class Evaluated
{
    private HashSet<string>? _names;
    private HashSet<int>? _indexes;
    private bool _allNames;
    private int _firstItems;

    public bool Has(string name) => _allNames || _names?.Contains(name) == true;

    public bool Has(int index) => index < _firstItems || _indexes?.Contains(index) == true;

    public void Add(string name) => (_names ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);

    public void AddAllNames() => _allNames = true;

    public void Add(int index) => (_indexes ??= []).Add(index);

    public void AddFirst(int count) => _firstItems = Math.Max(_firstItems, count);

    public void AddAllItems() => _firstItems = int.MaxValue;

    /// <summary>Adds the members and items that another schema has evaluated in the same value.</summary>
    public void Add(Evaluated other)
    {
        _allNames |= other._allNames;
        _firstItems = Math.Max(_firstItems, other._firstItems);
        if (other._names is not null) (_names ??= new HashSet<string>(StringComparer.Ordinal)).UnionWith(other._names);
        if (other._indexes is not null) (_indexes ??= []).UnionWith(other._indexes);
    }
}

/// <summary>The schema resources entered on the way to the current one, innermost first (§7.1).</summary>
internal sealed record DynamicScope(DynamicScope? Outer, SchemaResource Resource);

/// <summary>A violation of a schema, with the names of JSON Schema's output format (§12).</summary>
/// <param name="InstanceLocation">JSON pointer (RFC 6901) into the document; names of members in it are the sender's.</param>
/// <param name="KeywordLocation">JSON pointer to the keyword, along the references followed.</param>
/// <param name="AbsoluteKeywordLocation">File or URI and pointer of that keyword, without the references followed.</param>
/// <param name="Message">The expectation; quotes nothing of the document.</param>
internal sealed record Violation(string InstanceLocation, string KeywordLocation, string AbsoluteKeywordLocation, string Message);
