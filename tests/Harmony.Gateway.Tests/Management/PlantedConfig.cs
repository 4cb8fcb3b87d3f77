using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Gateway.Tests.Management;

/// <summary>
/// A configuration that gives a secret to every key that takes one, found by reflection over the records, so that a new key cannot be
/// forgotten: keys marked as secret, values of fields and parameters, passwords and queries of URLs. Nobody could run it.
/// </summary>
internal sealed class PlantedConfig
{
    /// <summary>What all secrets hold and nothing else does.</summary>
    public const string Secret = "planted";

    private static readonly string[] UrlWords = ["url", "urls", "uri", "endpoint", "api"];

    private readonly StringBuilder _text = new();

    private PlantedConfig(ModuleRegistry registry)
    {
        foreach (var kind in BoundKey.Of(typeof(ConfigFileContent)))
        {
            var type = kind.Property.PropertyType;
            if (typeof(ConfigNode).IsAssignableFrom(type)) _text.AppendLine($"[{kind.Name}]\n{Keys(type)}");
            else if (kind.Name == "endpoints") AddModules(kind.Name, "service",
                registry.Services.Where(s => s.Endpoint is not null).Select(s => (s.Name, s.Endpoint!.OptionsType)), typeof(EndpointSection));
            else if (kind.Name == "backends") AddModules(kind.Name, "service",
                registry.Services.Where(s => s.Backend is not null).Select(s => (s.Name, s.Backend!.OptionsType)), typeof(BackendSection));
            else if (kind.Name == "middleware")
                AddModules(kind.Name, "type", registry.Middleware.Select(m => (m.Name, m.Factory.OptionsType)), typeof(MiddlewareSection));
            else if (type.IsGenericType) _text.AppendLine($"[{kind.Name}.t]\n{Keys(type.GenericTypeArguments[1])}");
            else _text.AppendLine($"[{kind.Name}.t]\nanything = \"{Next()}\"");
        }

        // Somebody else's module, of which nothing is known.
        _text.AppendLine($"[backends.unknown]\nservice = \"theirs\"\noptions.anything = \"{Next()}\"");
    }

    /// <summary>How many secrets there are.</summary>
    public int Count { get; private set; }

    public override string ToString() => _text.ToString();

    public static PlantedConfig Of(ModuleRegistry registry) => new(registry);

    private void AddModules(string kind, string key, IEnumerable<(string Name, Type Options)> modules, Type section)
    {
        foreach (var (name, options) in modules)
        {
            _text.AppendLine($"[{kind}.{name}]\n{key} = \"{name}\"\n{Keys(section, except: key)}");
            if (Inline(options) is { Length: > 0 } given) _text.AppendLine($"options = {{ {given} }}");
        }
    }

    private string Keys(Type record, string? except = null)
        => string.Join('\n', Given(record).Where(k => k.Key != except).Select(k => $"{k.Key} = {k.Value}"));

    private string Inline(Type record) => string.Join(", ", Given(record).Select(k => $"{k.Key} = {k.Value}"));

    private IEnumerable<(string Key, string Value)> Given(Type record)
    {
        foreach (var key in BoundKey.Of(record).Where(k => !k.TakesRemaining))
        {
            if (ValueOf(key) is { } value) yield return (key.Name, value);
        }
    }

    private string? ValueOf(BoundKey key)
    {
        var type = key.Property.PropertyType;
        if (type == typeof(IReadOnlyDictionary<string, string>)) return $"{{ X-Field = \"{Next()}\" }}";
        if (key.IsSecret) return type == typeof(string)
            ? $"\"{Next()}\""
            : type == typeof(IReadOnlyList<string>) ? $"[\"{Next()}\"]" : throw new InvalidOperationException($"nobody plants a secret of {type} yet");
        if (typeof(ConfigNode).IsAssignableFrom(type)) return Inline(type) is { Length: > 0 } inner ? $"{{ {inner} }}" : null;
        if (type.IsGenericType && type.GenericTypeArguments is [var item] && typeof(ConfigNode).IsAssignableFrom(item)) return $"[{{ {Inline(item)} }}]";
        if (type == typeof(string) && TakesUrl(key.Name)) return Url();
        if (type == typeof(IReadOnlyList<string>) && TakesUrl(key.Name)) return $"[{Url()}]";
        return key.IsRequired && type == typeof(string) ? $"\"{key.AllowedValues?[0] ?? "x"}\"" : null;
    }

    private static bool TakesUrl(string name) => name.Split('_').Intersect(UrlWords).Any();

    private string Url() => $"\"ftp://user:{Next()}@example.org/path?key={Next()}\"";

    private string Next() => $"{Secret}-{++Count:D4}-secret";
}
