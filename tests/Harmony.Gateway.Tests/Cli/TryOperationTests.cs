using System.Text.Json.Nodes;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>What would become of a C-STORE or C-FIND: each part says what it did with it.</summary>
public sealed class TryOperationTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_EachPartSaysWhatItDid_AndNobodyIsAsked()
    {
        Write(port: 9);
        var run = await StoreAsync("--calling", "CT_1");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("C-STORE 1.2.3.3.1.dcm on network 'main', pipeline 'images'", run.Lines[0]);
        Assert.Equal("  endpoint 'scp' (dicom_scp) takes C-STORE from 'CT_1'", run.Lines[1]);
        Assert.Equal("  middleware 'rules' (policies) goes on", run.Lines[2]);
        Assert.Contains("  middleware 'rename' (transform) goes on", run.Lines);
        Assert.Contains(run.Lines, l => l.StartsWith("        - ", StringComparison.Ordinal) && l.Contains("Test^Object", StringComparison.Ordinal));
        Assert.Contains(run.Lines, l => l.StartsWith("        + ", StringComparison.Ordinal) && l.Contains("Anonymous", StringComparison.Ordinal));
        Assert.Contains("  backend 'pacs' (dicom_scu) would ask", run.Lines);
        Assert.Contains("      C-STORE at dicom://PACS@127.0.0.1:9 (target 'pacs')", run.Lines);
        Assert.Equal("→ nothing was sent; --send asks the backend too", run.Lines[^1]);
    }

    [Theory]
    [InlineData("endpoint 'scp' rejects associations from 'HARMONY_TRY'; --calling may be 'CT_1', 'CT_2'", "→ 403: ")]
    [InlineData("no endpoint that takes C-STORE has the AE title 'NOBODY'; there are 'ARCHIVE'", "→ 403: ", "--calling", "CT_1", "--aet", "NOBODY")]
    [InlineData("middleware 'rules' (policies) refuses with 403", "→ 0124 ", "--calling", "CT_2", "--aet", "ARCHIVE")]
    public async Task StoreThatIsRefused_SaysWhoRefusesAndWhy(string reason, string end, params string[] args)
    {
        Write(port: 9);
        var run = await StoreAsync(args);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Output, StringComparison.Ordinal);
        Assert.StartsWith(end, run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_Send_IsStored_AndAnsweredWithTheStatusOfDimse()
    {
        await using var pacs = FakePacs.Start();
        Write(pacs.Port);
        var run = await StoreAsync("--calling", "CT_1", "--send", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var json = JsonNode.Parse(run.Output)!;
        Assert.Equal((200, "0000 success"), ((int)json["status"]!, $"{json["dimse_status"]}"));
        Assert.Equal(1, pacs.Objects.Count);
    }

    [Fact]
    public async Task Find_Send_ShowsWhatWasFound()
    {
        await using var pacs = FakePacs.WithStudy();
        Write(pacs.Port);
        var run = await TryAsync("C-FIND", "-k", "PatientID=PAT*", "-k", "StudyInstanceUID", "--calling", "CT_1", "--send");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("C-FIND 2 keys on network 'main', pipeline 'images'", run.Lines[0]);
        Assert.Contains("  backend 'pacs' (dicom_scu) answers 200 (target 'pacs')", run.Lines);
        Assert.Contains("→ 0000 success (HTTP 200): the response", run.Lines);
        Assert.Contains("PAT1", run.Output, StringComparison.Ordinal);
        Assert.Equal("STUDY", Assert.Single(pacs.Identifiers).GetString(Harmony.Dicom.Data.DicomTag.QueryRetrieveLevel));
    }

    [Fact]
    public async Task Find_BackendThatIsDown_SaysWhatASenderIsTold()
    {
        Write(FreePort.Take());
        var run = await TryAsync("C-FIND", "-k", "PatientID=PAT1", "--calling", "CT_1", "--send");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("→ A701 ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C-STORE FILE", "C-STORE")]
    [InlineData("harmony try C-FIND -k", "C-FIND")]
    [InlineData("begins with '/'", "GET")]
    public async Task WhatIsMissing_IsSaid(string words, params string[] args)
    {
        Write(port: 9);
        var run = await TryAsync(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    private async Task<CommandLine> StoreAsync(params string[] args)
        => await TryAsync(["C-STORE", await TestObjects.WriteAsync(_folder.Path, "1.2.3.3.1"), .. args]);

    private Task<CommandLine> TryAsync(params string[] args) => CommandLine.RunAsync(_folder, ["try", .. args, "-c", "FOLDER/config.toml"]);

    private void Write(int port) => _folder
        .Write("transforms/rename.json", """[{"operation":"modify-overwrite-beta","spec":{"dataset":{"00100010":{"Value":{"[0]":{"Alphabetic":"Anonymous"}}}}}}]""")
        .Write("config.toml", $$"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = 8080
            [pipelines.images]
            networks = ["main"]
            endpoints = ["scp"]
            middleware = ["rules", "rename"]
            backends = ["pacs"]
            [endpoints.scp]
            service = "dicom_scp"
            [endpoints.scp.options]
            bind_addr = "127.0.0.1"
            local_aet = "ARCHIVE"
            allowed_calling_aets = ["CT_1", "CT_2"]
            enable_store = true
            enable_find = true
            [middleware.rules]
            type = "policies"
            policies = ["ct"]
            [policies.ct]
            rules = ["ct"]
            [rules.ct]
            type = "metadata"
            options.metadata = [{ name = "calling_aet", value = "CT_1" }]
            [middleware.rename]
            type = "transform"
            spec_path = "rename.json"
            apply = "left"
            [backends.pacs]
            service = "dicom_scu"
            max_retries = 0
            connection = { host = "127.0.0.1", port = {{port}}, protocol = "dicom" }
            options.aet = "PACS"
            """);
}
