using System.Collections;
using System.Globalization;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary>Turns the value of one key into the type its property has, or says what is wrong with it. Never shows the value of a secret.</summary>
/// <param name="key">The key.</param>
/// <param name="name">The key, or what of it the value is, as messages call it: <c>'networks'</c>, <c>an entry of 'networks'</c>.</param>
/// <param name="what">The table.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class TomlConverter(BoundKey key, string name, string what, ConfigProblems problems)
{
    private const string Hidden = "the value given";

    public TomlConverter(BoundKey key, string what, ConfigProblems problems)
        : this(key, $"'{key.Name}'", what, problems)
    {
    }

    public bool TryConvert(TomlValue value, Type type, out object? result)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        result = null;
        if (type == typeof(string)) return TryString(value, out result);
        // What a quoted variable holds is a number where a number is wanted.
        if (type.IsPrimitive && value is TomlString { VariableText: { } text }) value = EnvironmentVariables.Typed(text, value.Location);
        if (type == typeof(bool)) return value is TomlBoolean b ? Done(b.Value, out result) : Wrong(value, "true or false");
        if (type == typeof(int) || type == typeof(long)) return TryInteger(value, type, out result);
        if (type == typeof(double)) return TryDouble(value, out result);
        if (type.IsEnum) return TryEnum(value, type, out result);
        if (type == typeof(OptionsTable)) return value is TomlTable options ? Done(new OptionsTable(options), out result) : Wrong(value, "a table");
        if (type == typeof(TomlValue)) return Done(value, out result);
        if (typeof(ConfigNode).IsAssignableFrom(type)) return TryNode(value, type, Nested(key.Name), out result);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return TryList(value, type.GenericTypeArguments[0], out result);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return TryMap(value, type.GenericTypeArguments[1], out result);
        throw new NotSupportedException($"no key can have the type {type}");
    }

    private string Subject => what == "the file" ? $"[{name.Trim('\'')}]" : $"{name} of {what}";

    private static bool Done(object? value, out object? result)
    {
        result = value;
        return true;
    }

    /// <summary>What a table below this one is: <c>[network.default]</c> → <c>[network.default.tcp_config]</c>.</summary>
    private string Nested(string table)
        => what.StartsWith('[') ? $"{what[..^1]}.{table}]"
        : what == "the file" ? $"[{table}]"
        : $"'{table}' of {what}";

    private bool Wrong(TomlValue value, string expected)
    {
        problems.Error(value.Location, $"{Subject} must be {expected}, {Found(value)}{UnitAdvice(value, expected) ?? Advice(value, expected)}");
        return false;
    }

    /// <summary>For <c>"10s"</c> and <c>"10MB"</c>: what the key counts, and the number of it.</summary>
    private string? UnitAdvice(TomlValue value, string expected)
    {
        if (expected is not ("an integer" or "a number") || value is not TomlString { VariableText: null } text || key.IsSecret) return null;
        return Quantities.In(key.Name, text.Value) is { } quantity
            ? $": it counts {quantity.Unit}, write {quantity.Number.ToString(CultureInfo.InvariantCulture)}"
            : null;
    }

    private static string Found(TomlValue value) => value.VariableText switch
    {
        null => $"not {value.KindName}",
        "" => "but the variable is empty",
        _ => $"but the variable holds {value.KindName}",
    };

    private static string Advice(TomlValue value, string expected) => (expected, value) switch
    {
        _ when value.VariableText is not null => "",
        ("a string", TomlInteger or TomlFloat or TomlBoolean or TomlLocalDate) => ": put it in quotes",
        ("true or false", TomlString { Value: "true" or "false" }) => ": remove the quotes",
        ("an integer" or "a number", TomlString s) when long.TryParse(s.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
            => ": remove the quotes",
        ("an array", TomlString) => ": put it in [ ]",
        ("a table", TomlArray { Count: > 0 } array) when array.All(item => item is TomlTable) => ": write one pair of brackets around its name",
        _ => "",
    };

    private bool TryString(TomlValue value, out object? result)
    {
        result = null;
        // What an unquoted variable holds is a string where a string is wanted, even if it looks like a number.
        var text = value.VariableText ?? (value as TomlString)?.Value;
        if (text is null) return Wrong(value, "a string");
        if (key.MayNotBeEmpty && text.Length == 0)
        {
            problems.Error(value.Location, $"{Subject} must not be empty");
            return false;
        }

        if (key.AllowedValues is { } allowed && !allowed.Contains(text, StringComparer.Ordinal)) return NotAllowed(text, value.Location, allowed);
        return Done(text, out result);
    }

    private bool TryInteger(TomlValue value, Type type, out object? result)
    {
        result = null;
        if (value is not TomlInteger number) return Wrong(value, "an integer");
        if (!InRange(number.Value, value, "")) return false;
        if (type == typeof(long)) return Done(number.Value, out result);
        if (number.Value is >= int.MinValue and <= int.MaxValue) return Done((int)number.Value, out result);
        problems.Error(value.Location,
            $"{Subject} must be {(number.Value > 0 ? $"at most {int.MaxValue}" : $"at least {int.MinValue}")}, not {Shown(number.Value)}");
        return false;
    }

    private bool TryDouble(TomlValue value, out object? result)
    {
        result = null;
        double? number = value switch { TomlFloat f => f.Value, TomlInteger i => i.Value, _ => null };
        if (number is null) return Wrong(value, "a number");
        return InRange(number.Value, value, "") && Done(number.Value, out result);
    }

    private bool TryEnum(TomlValue value, Type type, out object? result)
    {
        result = null;
        if (value is not TomlString text) return Wrong(value, "a string");
        foreach (var member in Enum.GetNames(type))
        {
            if (string.Equals(SnakeCase.From(member), text.Value, StringComparison.OrdinalIgnoreCase)) return Done(Enum.Parse(type, member), out result);
        }

        return NotAllowed(text.Value, text.Location, Enum.GetNames(type).Select(SnakeCase.From).ToList());
    }

    private bool TryNode(TomlValue value, Type type, string called, out object? result)
    {
        result = null;
        return value is TomlTable table ? Done(TomlBinder.Bind(type, table, called, problems), out result) : Wrong(value, "a table");
    }

    /// <summary>The list holds the good items even if there are bad ones, so that what refers to them finds them.</summary>
    private bool TryList(TomlValue value, Type element, out object? result)
    {
        result = null;
        if (value is not TomlArray array) return Wrong(value, "an array");
        InRange(array.Count, value, "the number of entries of ");
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        var entries = new TomlConverter(key, $"an entry of {name}", what, problems);
        foreach (var item in array)
        {
            if (entries.TryConvert(item, element, out var converted)) list.Add(converted);
        }

        return Done(list, out result);
    }

    /// <summary>The map holds the good entries even if there are bad ones, so that what refers to them finds them.</summary>
    private bool TryMap(TomlValue value, Type element, out object? result)
    {
        result = null;
        if (value is not TomlTable table) return Wrong(value, "a table");
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        foreach (var entry in table)
        {
            var entries = new TomlConverter(key, $"'{key.Name}.{entry.Key}'", what, problems);
            var converted = typeof(ConfigNode).IsAssignableFrom(element)
                ? entries.TryNode(entry.Value, element, Nested($"{key.Name}.{entry.Key}"), out var item)
                : entries.TryConvert(entry.Value, element, out item);
            if (converted) map[entry.Key] = item;
        }

        return Done(map, out result);
    }

    private bool InRange(double number, TomlValue value, string ofWhat)
    {
        if (key.Range is not { } range || (number >= range.Min && number <= range.Max)) return true;
        var min = range.Min.ToString(CultureInfo.InvariantCulture);
        var bounds = double.IsPositiveInfinity(range.Max) ? $"at least {min}" : $"from {min} to {range.Max.ToString(CultureInfo.InvariantCulture)}";
        problems.Error(value.Location, $"{ofWhat}{Subject} must be {bounds}, not {Shown(number)}");
        return false;
    }

    private bool NotAllowed(string text, SourceLocation location, IReadOnlyCollection<string> allowed)
    {
        problems.Error(location,
            $"{Subject} cannot be {(key.IsSecret ? Hidden : $"'{text}'")}; it is one of {string.Join(", ", allowed)}{NearestName.Suggestion(text, allowed)}");
        return false;
    }

    private string Shown(double number) => key.IsSecret ? Hidden : number.ToString(CultureInfo.InvariantCulture);
}
