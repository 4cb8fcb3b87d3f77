using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>What <c>harmony check</c> prints for the mistakes people make.</summary>
public sealed class CheckCommandTests
{
    [Fact]
    public Task Good_SaysSo() => Prints(0, ConfigFolder.Good, "config.toml: no problems");

    [Fact]
    public Task UnknownReference_NamesTheNearest() => Prints(1, ConfigFolder.WithUnknownReference,
        "config.toml(20,18): error: authentication 'clinc' is not defined; did you mean 'clinic'?",
        "config.toml: 1 error");

    [Fact]
    public Task WrongType_SaysWhatIsExpected() => Prints(1, ConfigFolder.Good.Replace("= 8080", "= \"8080\""),
        "config.toml(7,13): error: 'bind_port' of [network.main.tcp_config] must be an integer, not a string: remove the quotes",
        "config.toml: 1 error");

    [Fact]
    public Task OutOfRange_SaysTheRange() => Prints(1, ConfigFolder.Good.Replace("8080", "80800"),
        "config.toml(7,13): error: 'bind_port' of [network.main.tcp_config] must be from 1 to 65535, not 80800",
        "config.toml: 1 error");

    [Fact]
    public Task SyntaxError_SaysWhere() => Prints(1, ConfigFolder.Good.Replace("name = \"test\"", "name = test"),
        "config.toml(2,8): error: 'test' is not a value; strings need quotes: \"test\"",
        "config.toml: 1 error");

    [Fact]
    public Task UnknownKey_NearAKnownOne_IsAnError() => Prints(1, ConfigFolder.Good.Replace("bind_port", "bnid_port"),
        "config.toml(7,1): error: unknown key 'bnid_port' in [network.main.tcp_config] has no effect; did you mean 'bind_port'?",
        "config.toml: 1 error");

    [Fact]
    public Task UnknownKey_LikeNoOther_Warns() => Prints(0, ConfigFolder.Good + "\n[colours]\nred = 1\n",
        "config.toml(21,2): warning: unknown table [colours] has no effect",
        "config.toml: 1 warning");

    [Fact]
    public async Task Name_Empty_IsAnErrorWithoutAStackTrace()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good);
        var run = await CommandLine.RunAsync(folder, "check", "-c", "");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["error: cannot read the configuration file: its name is empty or not a path; name a file with --config FILE", ": 1 error"], run.Lines);
    }

    [Fact]
    public async Task Folder_WithAPipeAndAnUpperCaseName_DoesNotWait()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good);
        Directory.CreateDirectory(Path.Combine(folder.Path, "pipelines"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "pipelines/c.TOML"), "");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder.Path, "pipelines/x.toml")))
            await mkfifo.WaitForExitAsync(Guard.Token);
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Lines, l => l.EndsWith("c.TOML: warning: the file is not read; names of configuration files must end in '.toml', in lower case",
            StringComparison.Ordinal));
        Assert.Contains(run.Lines, l => l.EndsWith("x.toml: error: cannot read the configuration file: it is no regular file", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\n[extensions.z]\na = \"${file:/dev/zero}\"\n", "cannot read '/dev/zero': it is no regular file")]
    [InlineData("\n[middleware.j]\ntype = \"transform\"\n", "middleware 'j' needs the key 'spec_path'; pipelines that use 'j' respond with 503")]
    [InlineData("\n[middleware.j]\ntype = \"transform\"\nspec_path = \"nope.json\"\n", "cannot read the spec 'nope.json'")]
    [InlineData("\n[middleware.j]\ntype = \"policies\"\npolicies = [\"p\"]\n[policies.p]\nrules = [\"none\"]\n", "rule 'none' of policy 'p' is not defined")]
    public async Task WhatIsMissing_ExitsWithOne(string more, string expected)
    {
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("endpoints = [", "middleware = [\"j\"]\nendpoints = [") + more);
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.Contains(run.Lines, l => l.Contains(": error: ", StringComparison.Ordinal) && l.Contains(expected, StringComparison.Ordinal));
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task UnknownKey_StrictIsAnError()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("bind_port", "bnid_port"));
        var run = await CommandLine.RunAsync(folder, "check", "--strict", "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            [
                "config.toml(7,1): error: unknown key 'bnid_port' in [network.main.tcp_config] has no effect; did you mean 'bind_port'?",
                "config.toml: 1 error",
            ],
            run.Lines);
    }

    [Fact]
    public async Task MissingMainFile_SaysHowToNameAnother()
    {
        using var folder = new ConfigFolder();
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/other.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            ["other.toml: error: cannot read the configuration file: no such file; name another with --config FILE", "other.toml: 1 error"], run.Lines);
    }

    [Fact]
    public Task MissingFile_NamesIt() => Prints(1, WithTls("missing.pem", "missing.key"),
        "config.toml(8,13): error: cannot read the certificate 'missing.pem': no such file; network 'main' stays closed",
        "config.toml(9,12): error: cannot read the key 'missing.key': no such file; network 'main' stays closed",
        "config.toml: 2 errors");

    [Fact]
    public Task UnreadableCertificate_NamesTheFile() => Prints(1, WithTls("config.toml", "config.toml"),
        "config.toml(8,13): error: 'config.toml' contains no PEM certificate; network 'main' stays closed",
        "config.toml: 1 error");

    [Fact]
    public async Task KeyOfAnotherCertificate_NamesBoth()
    {
        using var folder = new ConfigFolder(WithTls("a.pem", "b.key"));
        TestCertificate.Write(Path.Combine(folder.Path, "a.pem"), Path.Combine(folder.Path, "a.key"));
        TestCertificate.Write(Path.Combine(folder.Path, "b.pem"), Path.Combine(folder.Path, "b.key"));
        await Prints(folder, 1, "config.toml(9,12): error: the key 'b.key' does not belong to the certificate 'a.pem'; network 'main' stays closed",
            "config.toml: 1 error");
    }

    [Fact]
    public async Task KeyOfThisCertificate_IsFine()
    {
        using var folder = new ConfigFolder(WithTls("a.pem", "a.key"));
        TestCertificate.Write(Path.Combine(folder.Path, "a.pem"), Path.Combine(folder.Path, "a.key"));
        await Prints(folder, 0, "config.toml: no problems");
    }

    [Fact]
    public Task RouteOfTwoPipelines_NamesBoth() => Prints(1, ConfigFolder.Good + """
        [pipelines.other]
        networks = ["main"]
        endpoints = ["other"]
        [endpoints.other]
        service = "http"
        options.path_prefix = "/api"
        """,
        "config.toml(20,1): error: pipelines 'api' and 'other' both claim '/api' on network 'main'",
        "config.toml: 1 error");

    [Fact]
    public async Task SameDefinitionInTwoFiles_IsFine()
    {
        using var folder = new ConfigFolder(WithAuthentication);
        folder.Write("pipelines/a.toml", "[authentications.clinic]\nmethod = \"none\"\n")
            .Write("pipelines/b.toml", "[authentications.clinic]\nmethod = 'none'\n");
        await Prints(folder, 0, "config.toml: no problems");
    }

    [Fact]
    public async Task DifferentDefinitionsInTwoFiles_NamesBoth()
    {
        using var folder = new ConfigFolder(WithAuthentication);
        folder.Write("pipelines/a.toml", "[authentications.clinic]\nmethod = \"none\"\n")
            .Write("pipelines/b.toml", "\n[authentications.clinic]\nmethod = \"bearer\"\n");
        await Prints(folder, 1,
            "config.toml(20,18): error: authentication 'clinic' is defined differently in pipelines/a.toml(1,1) and pipelines/b.toml(2,1); rename one of "
                + "them, or define it in this file",
            "config.toml: 1 error");
    }

    [Theory]
    [InlineData("-c", "FOLDER/config.toml", "check")]
    [InlineData("check", "--config", "FOLDER/config.toml")]
    [InlineData("--config", "FOLDER/config.toml", "--validate-config")]
    [InlineData("--validate-config", "-c", "FOLDER/config.toml")]
    public async Task EverySpelling_ReadsTheFileNamed(params string[] args)
    {
        using var folder = new ConfigFolder("nonsense");
        var run = await CommandLine.RunAsync(folder, args);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("config.toml(1,", run.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotYetAvailable_Warns()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("[network.main.tcp_config]",
            "[network.main]\nenable_wireguard = true\n[network.main.tcp_config]"));
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("config.toml: 1 warning", run.Lines[^1]);
        Assert.Contains("WireGuard is not yet available; requests through it get 503", run.Lines[0], StringComparison.Ordinal);
    }

    private static string WithTls(string cert, string key)
        => ConfigFolder.Good.Replace("bind_port = 8080\n", $"bind_port = 8080\ncert_path = \"{cert}\"\nkey_path = \"{key}\"\n");

    private const string WithAuthentication = ConfigFolder.Good + "authentication = \"clinic\"\n";

    private static async Task Prints(int exitCode, string config, params string[] lines)
    {
        using var folder = new ConfigFolder(config);
        await Prints(folder, exitCode, lines);
    }

    private static async Task Prints(ConfigFolder folder, int exitCode, params string[] lines)
    {
        var run = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.Equal(lines, run.Lines);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(run.Error);
    }
}
