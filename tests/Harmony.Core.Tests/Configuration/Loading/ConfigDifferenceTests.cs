using Harmony.Core.Configuration;
using Harmony.Testing;

namespace Harmony.Core.Tests.Configuration.Loading;

public sealed class ConfigDifferenceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[a.x]\nk = 1", "[a.x]\nk = 1\n", "nothing")]
    [InlineData("[endpoints.x]\nservice = 'a'\n[backends.y]\nservice = 'a'", "[backends.y]\nservice = 'a'\n\n[endpoints.x]\nservice = 'a'", "nothing")]
    [InlineData("[endpoints.x]\nservice = 'a'", "[endpoints.x]\nservice = 'b'\n[pipelines.p]", "+pipelines.p, ~endpoints.x")]
    [InlineData("[logging]\nlog_level = 'info'\n[storage.options]\npath = 'secret'", "[storage.options]\npath = 'other'", "-logging, ~storage")]
    public void Between_NamesTables(string old, string next, string expected)
        => Assert.Equal(expected, ConfigDifference.Between(Load(old), Load(next)).ToString());

    private ConfigSet Load(string text)
    {
        var file = _folder.PathOf("config.toml");
        File.WriteAllText(file, text);
        return new ConfigLoader([], _ => null).Load(file);
    }
}
