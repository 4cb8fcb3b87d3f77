using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

/// <summary>Reads documents for the tests.</summary>
internal static class TomlText
{
    /// <summary>Reads a document that has no mistakes.</summary>
    public static TomlTable Read(string text, TomlReaderOptions? options = null)
    {
        var table = Read(Encoding.UTF8.GetBytes(text), out var problems, options);
        Assert.Empty(problems);
        return table;
    }

    /// <summary>The value of <c>v</c> in a document that has no mistakes.</summary>
    public static TomlValue Value(string text, TomlReaderOptions? options = null) => Read(text, options).At("v");

    /// <summary>What is wrong with a document: <c>line,column: message</c>.</summary>
    public static string[] Errors(string text, TomlReaderOptions? options = null)
    {
        Read(Encoding.UTF8.GetBytes(text), out var problems, options);
        return [.. problems.Select(p => $"{p.Location.Line},{p.Location.Column}: {p.Message}")];
    }

    /// <summary>The one thing that is wrong with a document.</summary>
    public static string Error(string text, TomlReaderOptions? options = null) => Assert.Single(Errors(text, options));

    public static TomlTable Read(byte[] utf8, out ConfigProblems problems, TomlReaderOptions? options = null)
    {
        problems = [];
        return TomlReader.Read(utf8, "test.toml", problems, options);
    }

    /// <summary>The value at a path of keys and array positions.</summary>
    public static TomlValue At(this TomlValue value, params object[] path)
    {
        foreach (var step in path)
        {
            value = step is int position ? Assert.IsType<TomlArray>(value)[position] : Assert.IsType<TomlTable>(value).Entry((string)step).Value;
        }

        return value;
    }

    public static TomlEntry Entry(this TomlTable table, string key)
    {
        Assert.True(table.TryGet(key, out var entry), $"no key '{key}'");
        return entry;
    }

    /// <summary>Line and column of a location, as <c>line,column</c>.</summary>
    public static string Place(this SourceLocation location) => $"{location.Line},{location.Column}";
}
