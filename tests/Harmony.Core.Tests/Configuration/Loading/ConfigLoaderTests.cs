using Harmony.Core.Configuration;
using Harmony.Testing;

namespace Harmony.Core.Tests.Configuration.Loading;

/// <summary>What the golden files do not show: files that cannot be read, and what the log may say of variables.</summary>
public sealed class ConfigLoaderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ConfigProblems _problems = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoMainFile_SaysHowToNameAnother()
    {
        var loader = Load("config.toml");
        Assert.True(loader.HasSyntaxErrors);
        Assert.EndsWith("config.toml: error: cannot read the configuration file: no such file; name another with --config FILE", _problems.Single().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderInsteadOfMainFile_SaysSo()
    {
        Load("");
        Assert.EndsWith("cannot read the configuration file: it is a folder", _problems.Single().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BrokenLinkInAFolder_IsAnErrorOfThatFileWithoutAdvice()
    {
        Write("config.toml", "[proxy]\nname = 'x'");
        Directory.CreateDirectory(_folder.PathOf("pipelines"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "pipelines", "a.toml"), "gone.toml");
        Load("config.toml");
        Assert.EndsWith("a.toml: error: cannot read the configuration file: no such file", _problems.Single().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\\u0000b")]
    [InlineData("\\uFFFF")]
    public void Load_FolderThatCanBeNoPath_IsTakenAsMissing(string folder)
    {
        Write("config.toml", $"[proxy]\nname = 'x'\npipelines_path = \"{folder}\"");
        Load("config.toml");
        Assert.Equal($"the folder '{folder}' of 'pipelines_path' is not there; nothing is read from it", Assert.Single(_problems).Message);
    }

    [Fact]
    public void Load_FolderThatIsAFile_IsWarnedAbout()
    {
        Write("config.toml", "[proxy]\nname = 'x'\npipelines_path = 'config.toml'");
        Load("config.toml");
        Assert.EndsWith("config.toml(3,18): warning: 'pipelines_path' must be a folder, and 'config.toml' is a file; nothing is read from it",
            Assert.Single(_problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Variables_AreListedByNameOnly()
    {
        Write("config.toml", "[proxy]\nname = '$B and ${A}'");
        var config = new ConfigLoader(_problems, n => "value of " + n).Load(_folder.PathOf("config.toml"));
        Assert.Equal(["A", "B"], config.UsedVariables);
        Assert.Equal("value of B and value of A", config.Proxy.Name);
    }

    [Fact]
    public void Load_RequiredVariableUsed_IsNotWarnedAboutAsWell()
    {
        Write("config.toml", "[proxy]\nname = '$GONE'\nrequired_env_vars = ['GONE']");
        Load("config.toml");
        Assert.Contains("missing required environment variable: GONE", _problems.Select(p => p.Message));
        Assert.DoesNotContain(_problems, p => p.Severity == ConfigSeverity.Warning);
    }

    private ConfigLoader Load(string name)
    {
        var loader = new ConfigLoader(_problems, _ => null);
        loader.Load(_folder.PathOf(name));
        return loader;
    }

    private void Write(string name, string text) => File.WriteAllText(_folder.PathOf(name), text);
}
