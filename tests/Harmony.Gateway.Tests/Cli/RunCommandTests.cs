using System.Net;
using System.Net.Sockets;
using Harmony.Gateway.Hosting;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary><c>harmony run</c> in this process.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public async Task PortInUse_SaysSoAndEnds()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("8080", $"{port}"));
        var run = await CommandLine.RunAsync(folder, "run", "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            [
                $"config.toml(7,13): error: network 'main' cannot listen on 127.0.0.1:{port}: the address is in use by another program; stop it or choose "
                    + $"another port",
                "config.toml: 1 error; the gateway was not started",
            ],
            run.ErrorLines);
        Assert.Empty(run.Output);
    }

    /// <summary>Whoever reads the log finds the reason there, and finds there what was in it before.</summary>
    [Fact]
    public async Task RefusedStart_IsInTheLogFile_BehindWhatWasThere()
    {
        using var folder = new ConfigFolder();
        folder.Write("harmony.log", "the last words before a crash\n");
        folder.Write("config.toml", ConfigFolder.WithUnknownReference + $"[logging]\nlog_to_file = true\nlog_file_path = \"{folder.Path}/harmony.log\"\n");
        Assert.Equal(1, (await CommandLine.RunAsync(folder, "run", "-c", "FOLDER/config.toml")).ExitCode);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "harmony.log"));
        Assert.Equal("the last words before a crash", lines[0]);
        Assert.Contains(lines, l => l.Contains("ERROR harmony.reload [1103] ", StringComparison.Ordinal)
            && l.EndsWith("did you mean 'clinic'?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ErrorInTheConfiguration_SaysSoAndEnds()
    {
        using var folder = new ConfigFolder(ConfigFolder.WithUnknownReference);
        var run = await CommandLine.RunAsync(folder, "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            [
                "config.toml(20,18): error: authentication 'clinc' is not defined; did you mean 'clinic'?",
                "config.toml: 1 error; the gateway was not started",
            ],
            run.ErrorLines);
    }

    /// <summary>Whether this machine has QUIC or not: it certainly does not have the files.</summary>
    [Fact]
    public async Task WhatThisMachineLacks_IsAWarningToCheckAndAnErrorToRun()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good + "[network.main.http3]\ncert_path = \"no.pem\"\nkey_path = \"no.key\"\n");
        var check = await CommandLine.RunAsync(folder, "check", "-c", "FOLDER/config.toml");
        Assert.Equal(0, check.ExitCode);
        Assert.Contains(check.Lines, l => l.EndsWith("warning: cannot read the certificate 'no.pem': no such file", StringComparison.Ordinal));
        var run = await CommandLine.RunAsync(folder, "run", "-c", "FOLDER/config.toml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.ErrorLines, l => l.EndsWith("error: cannot read the certificate 'no.pem': no such file", StringComparison.Ordinal));
        Assert.EndsWith("; the gateway was not started", run.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "-c", "FOLDER/config.toml")]
    [InlineData("--config", "FOLDER/config.toml")]
    public async Task Start_PrintsWhatListensAndWhereItLeads(params string[] args)
    {
        var port = FreePort.Take();
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("8080", $"{port}") + """
            [pipelines.study]
            networks = ["main"]
            path = "/studies/{uid}"
            method = "get"
            backend_ref = "pacs"
            [pipelines.study.mesh.ingress.members]
            type = "http"
            mode = "mesh"
            urls = ["https://study.example.org"]
            [backends.pacs]
            service = "echo"
            """);
        var run = await RunForAMomentAsync(folder, args);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                $"Harmony {Banner.Version} runs 'test' from config.toml",
                $"  http://127.0.0.1:{port}  network 'main'",
                "    any /api and below  → pipeline 'api' → backend 'origin'",
                "    GET /studies/{uid}  → pipeline 'study' → backend 'pacs'",
                "  pipeline 'study' is not active and responds with 503 (ingress 'members' is for members of a mesh only, and it belongs to no enabled mesh)",
                "Press Ctrl-C to stop it.",
            ],
            run.Lines);
    }

    [Fact]
    public async Task Start_JsonLog_PrintsNoBanner()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("8080", $"{FreePort.Take()}") + "[logging]\nformat = \"json\"\n");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var run = await CommandLine.RunAsync(folder, stop.Token, "run", "-c", "FOLDER/config.toml");
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task StopWhileStarting_EndsQuietly()
    {
        using var folder = new ConfigFolder(ConfigFolder.Good.Replace("8080", $"{FreePort.Take()}"));
        var run = await CommandLine.RunAsync(folder, new CancellationToken(canceled: true), "run", "-c", "FOLDER/config.toml");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    /// <summary>Asks it to stop as soon as it has said that it runs.</summary>
    private static async Task<CommandLine> RunForAMomentAsync(ConfigFolder folder, params string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop);
        return await CommandLine.RunAsync(folder, output, stop.Token, args);
    }

    /// <summary>Cancels when it is flushed, which the banner does at its end.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop) : StringWriter
    {
        public override void Flush() => stop.Cancel();
    }
}
