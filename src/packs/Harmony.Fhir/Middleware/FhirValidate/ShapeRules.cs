using System.Globalization;
using System.Text;
using System.Text.Json;
using Harmony.Fhir.Definitions;
using Harmony.Fhir.Services.Fhir;

namespace Harmony.Fhir.Middleware.FhirValidate;

/// <summary>A fault of a resource.</summary>
/// <param name="Code">The issue code (https://hl7.org/fhir/R4/valueset-issue-type.html).</param>
/// <param name="Expression">The element, as FHIRPath.</param>
/// <param name="Text">What is wrong, and what is expected; no value of the resource.</param>
internal sealed record ShapeIssue(string Code, string Expression, string Text);

/// <summary>
/// Checks the JSON of a resource against the elements of R4: resource types, elements, lists and single values, primitive values, required elements. One walk
/// over the bytes, without a model; <see cref="ProfileEngine"/> checks profiles, codes and invariants.
/// </summary>
internal ref struct ShapeRules
{
    private readonly int _mostIssues;
    private Utf8JsonReader _reader;
    private string[] _names = new string[16];
    private int[] _indexes = new int[16];
    private int _depth;

    private ShapeRules(ReadOnlySpan<byte> json, int mostIssues)
    {
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Core.Envelope.Body.MaxJsonDepth });
        _mostIssues = mostIssues;
    }

    /// <summary>The faults found so far; null for none.</summary>
    private List<ShapeIssue>? Issues { get; set; }

    /// <summary>The faults of a resource; empty if there are none.</summary>
    /// <param name="json">The resource.</param>
    /// <param name="mostIssues">The number of faults after which the walk ends.</param>
    /// <exception cref="JsonException">The resource is not JSON.</exception>
    public static IReadOnlyList<ShapeIssue> Check(ReadOnlySpan<byte> json, int mostIssues)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        var rules = new ShapeRules(json, mostIssues);
        if (rules._reader.Read() && rules._reader.TokenType == JsonTokenType.StartObject) rules.Resource();
        else rules.Add("structure", "a resource is a JSON object");
        while (rules.Issues is null && rules._reader.Read())
        {
        }

        return rules.Issues ?? (IReadOnlyList<ShapeIssue>)[];
    }

    private readonly bool IsFull => Issues?.Count >= _mostIssues;

    private void Resource()
    {
        var type = TypeOf(_reader);
        if (type is null || ElementTable.R4.Find(type) is not { } owner || !FhirResourceTypes.Has("4.0", type))
        {
            var near = type is null ? null : FhirResourceTypes.Nearest(type);
            Add("structure", type is null
                ? "a resource begins with its 'resourceType'"
                : $"R4 has no such resource type{(near is null ? "" : $"; did you mean '{near}'?")}");
            _reader.Skip();
            return;
        }

        if (_depth == 0) Push(type);
        Object(owner, isResource: true);
    }

    /// <summary>Checks an object: the reader stands at its beginning, and then at its end.</summary>
    private void Object(ElementOwner owner, bool isResource)
    {
        Span<ulong> seen = stackalloc ulong[4], seenExtensions = stackalloc ulong[4];
        seen.Clear();
        seenExtensions.Clear();
        Span<char> buffer = stackalloc char[64];
        var (count, hasType, elements) = (0, false, owner.Elements.GetAlternateLookup<ReadOnlySpan<char>>());
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName && !IsFull)
        {
            count++;
            var length = _reader.ValueSpan.Length <= buffer.Length && !_reader.ValueIsEscaped ? _reader.CopyString(buffer) : 0;
            var name = buffer[..length];
            var isExtension = length > 1 && name[0] == '_';
            if (isExtension) name = name[1..];
            if (isResource && !hasType && name.SequenceEqual("resourceType"))
            {
                hasType = true;
                _reader.Read();
            }
            else if (!elements.TryGetValue(name, out var element) || (isExtension && element.Kind != ElementKind.Primitive))
            {
                _reader.Read();
                Add("structure", length is 0 ? "there is no such element" : $"there is no element '{Printable(buffer[..length])}' here");
                _reader.Skip();
            }
            else
            {
                var bits = isExtension ? seenExtensions : seen;
                if ((bits[element.Place >> 6] & (1UL << element.Place)) != 0) Add("structure", $"the element '{element.Name}' is there more than once");
                bits[element.Place >> 6] |= 1UL << element.Place;
                _reader.Read();
                Push(element.Name);
                Values(element, isExtension);
                _depth--;
            }
        }

        if (IsFull) return;
        if (count == 0) Add("structure", "an object of FHIR is not empty");
        foreach (var (place, name) in owner.Required)
        {
            if (((seen[place >> 6] | seenExtensions[place >> 6]) & (1UL << place)) == 0) Add("required", $"the element '{name}' is missing");
        }
    }

    private void Values(Element element, bool isExtension)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            if (element.IsList) Add("structure", "this element is a list, also of one");
            Value(element, isExtension, isItem: false);
            return;
        }

        if (!element.IsList)
        {
            Add("structure", "this element is no list");
            _reader.Skip();
            return;
        }

        var index = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray && !IsFull)
        {
            _indexes[_depth - 1] = index++;
            Value(element, isExtension, isItem: true);
        }

        _indexes[_depth - 1] = -1;
        if (index == 0) Add("structure", "a list of FHIR is not empty");
    }

    private void Value(Element element, bool isExtension, bool isItem)
    {
        if (isExtension || element.Kind == ElementKind.Primitive)
        {
            if (_reader.TokenType == JsonTokenType.Null && isItem) return; // holds the place of the other list's item
            if (isExtension) Complex(ElementTable.R4.Find("Element")!);
            else if (PrimitiveRules.Expected(ref _reader, element.Type) is { } expected) AddAndSkip("value", $"expected: {expected}");
            return;
        }

        if (element.Kind == ElementKind.Complex) Complex(element.Content!);
        else if (_reader.TokenType == JsonTokenType.StartObject) Resource();
        else AddAndSkip("structure", "expected: a resource");
    }

    private void Complex(ElementOwner owner)
    {
        if (_reader.TokenType == JsonTokenType.StartObject) Object(owner, isResource: false);
        else AddAndSkip("structure", "expected: an object");
    }

    private void AddAndSkip(string code, string text)
    {
        Add(code, text);
        _reader.Skip();
    }

    private void Add(string code, string text)
    {
        if (!IsFull) (Issues ??= []).Add(new ShapeIssue(code, Expression(), text));
    }

    private readonly string Expression()
    {
        if (_depth == 0) return "Resource";
        var text = new StringBuilder();
        for (var i = 0; i < _depth; i++)
        {
            if (i > 0) text.Append('.');
            text.Append(_names[i]);
            if (_indexes[i] >= 0) text.Append(CultureInfo.InvariantCulture, $"[{_indexes[i]}]");
        }

        return text.ToString();
    }

    private void Push(string name)
    {
        if (_depth == _names.Length)
        {
            Array.Resize(ref _names, _depth * 2);
            Array.Resize(ref _indexes, _depth * 2);
        }

        (_names[_depth], _indexes[_depth]) = (name, -1);
        _depth++;
    }

    /// <summary>The type of a resource, wherever the member <c>resourceType</c> stands. Reads with a copy of the reader.</summary>
    private static string? TypeOf(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("resourceType"u8);
            reader.Read();
            if (isType) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }

        return null;
    }

    /// <summary>The name of a member, if it consists of characters that names have; names come from outside and go into messages.</summary>
    private static string Printable(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')) return "?";
        }

        return name.ToString();
    }
}
