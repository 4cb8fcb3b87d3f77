using Harmony.Core.Envelope;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

public sealed class DimseListenerTests
{
    private static readonly IReadOnlyList<ContextProposal> Echo = [ContextProposal.For(Uid.VerificationSOPClass)];

    [DcmtkFact]
    public async Task Echo_OfDcmtk_IsAnsweredWithoutThePipeline()
    {
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml),
            extra: new ScriptedBackend((_, _) => throw new InvalidOperationException("asked")));
        (await DcmtkPeer.RunAsync("echoscu", "-aec", "HARMONY_SCP", "127.0.0.1", gateway.DicomAddress.Port.ToString())).Succeeded();
    }

    [Theory]
    [InlineData("", "HARMONY_SCP", "ANY", null)]
    [InlineData("", "OTHER", "ANY", 7)]
    [InlineData("require_called_aet = false", "OTHER", "ANY", null)]
    [InlineData("allowed_calling_aets = [\"CT1\", \"CT2\"]", "HARMONY_SCP", "CT2", null)]
    [InlineData("allowed_calling_aets = [\"CT1\", \"CT2\"]", "HARMONY_SCP", "CT3", 3)]
    public async Task Association_AeTitles_AreCheckedAsConfigured(string options, string called, string calling, int? rejected)
    {
        await using var gateway = await StartAsync(options);
        var connecting = ConnectAsync(gateway, Echo, called, calling);
        if (rejected is null)
        {
            await using var association = await connecting;
            await association.EchoAsync();
            return;
        }

        var rejection = (await Assert.ThrowsAsync<AssociationRejectedException>(() => connecting)).Rejection;
        Assert.Equal(new AssociationRejection(1, 1, (byte)rejected), rejection);
        Assert.Contains($"'{calling}' at 127.0.0.1, which called '{called}'", (await gateway.Log.FirstAsync(3007)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable_echo = false", Uid.VerificationSOPClass, false)]
    [InlineData("enable_find = false", Uid.FINDStudyRootQueryRetrieveInformationModel, false)]
    [InlineData("", Uid.CTImageStorage, true)]
    [InlineData("enable_store = false\nenable_get = false", Uid.CTImageStorage, false)]
    [InlineData("accepted_sop_classes = [\"CTImageStorage\"]", Uid.CTImageStorage, true)]
    [InlineData("accepted_sop_classes = [\"CTImageStorage\"]", Uid.MRImageStorage, false)]
    [InlineData("accepted_sop_classes = [\"CTImageStorage\"]", Uid.FINDStudyRootQueryRetrieveInformationModel, true)]
    [InlineData("transfer_syntaxes = [\"JPEGLSLossless\"]", Uid.CTImageStorage, false)]
    public async Task Context_OfWhatIsNotServed_IsRefused(string options, string sopClass, bool isAccepted)
    {
        await using var gateway = await StartAsync(options);
        await using var association = await ConnectAsync(gateway, [ContextProposal.For(sopClass)]);
        Assert.Equal(isAccepted, Assert.Single(association.Info.PresentationContexts).IsAccepted);
    }

    [Fact]
    public async Task Associations_MoreThanAllowed_AreRejectedForNow()
    {
        await using var gateway = await StartAsync("max_associations = 2");
        var first = await ConnectAsync(gateway, Echo);
        await using var second = await ConnectAsync(gateway, Echo);
        var rejection = (await Assert.ThrowsAsync<AssociationRejectedException>(() => ConnectAsync(gateway, Echo))).Rejection;
        Assert.Equal(AssociationRejection.LocalLimitExceeded, rejection);
        await first.ReleaseAsync();
        await first.DisposeAsync();
        await using var third = await AgainAsync(() => ConnectAsync(gateway, Echo)); // as soon as the gateway has noticed
    }

    [Fact]
    public async Task TwoEndpoints_OnOnePort_AreToldApartByTheTitleThatIsCalled()
    {
        await using var gateway = await TestGateway.StartAsync("""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.main]
            [pipelines.a]
            networks = ["main"]
            endpoints = ["a"]
            [pipelines.b]
            networks = ["main"]
            endpoints = ["b"]
            [endpoints.a]
            service = "dicom_scp"
            options = { local_aet = "A", bind_addr = "127.0.0.1" }
            [endpoints.b]
            service = "dicom_scp"
            options = { local_aet = "B", bind_addr = "127.0.0.1", enable_echo = false, enable_find = true }
            """);
        await using var a = await ConnectAsync(gateway, Echo, "A");
        await using var b = await ConnectAsync(gateway, Echo, "B");
        Assert.True(a.Info.PresentationContexts[0].IsAccepted);
        Assert.False(b.Info.PresentationContexts[0].IsAccepted);
        await Assert.ThrowsAsync<AssociationRejectedException>(() => ConnectAsync(gateway, Echo, "C"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0001")]
    [InlineData("\u0001\0\0\0\u00FF\u00FFgarbage that is no association at all")]
    [InlineData("\u0001\0\u00FF\u00FF\u00FF\u00FF\0\u0001\0\0HARMONY_SCP     TEST            4 GiB are said to follow")]
    public async Task Connection_ThatSpeaksSomethingElse_IsClosedAndOthersAreServed(string bytes)
    {
        await using var gateway = await StartAsync("");
        using (var client = await RawConnection.OpenAsync(gateway.DicomAddress))
        {
            await client.WriteAsync(bytes);
        }

        await using var association = await ConnectAsync(gateway, Echo);
        await association.EchoAsync();
    }

    [DcmtkFact]
    public async Task Tls_WithClientCertificate_IsSpokenAndTheClientKnown()
    {
        var backend = ScriptedBackend.Answering("[]");
        await using var gateway = await TestGateway.StartAsync(
            ScpConfig.With(ScriptedBackend.Toml, "tls = { cert_path = \"server.pem\", key_path = \"server.key\", client_ca_path = \"server.pem\" }"),
            TestCertificate.Files, extra: backend);
        string[] tls = ["+tls", Path.Combine(gateway.Folder, "server.key"), Path.Combine(gateway.Folder, "server.pem"), "+cf",
            Path.Combine(gateway.Folder, "server.pem")];
        var port = gateway.DicomAddress.Port.ToString();
        (await DcmtkPeer.RunAsync("echoscu", [.. tls, "-aec", "HARMONY_SCP", "127.0.0.1", port])).Succeeded();
        (await DcmtkPeer.RunAsync("findscu", [.. tls, "-S", "-aec", "HARMONY_SCP", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID", "127.0.0.1", port]))
            .Succeeded();
        Assert.Equal("CN=localhost", backend.Metadata["tls.client_subject"]);
        Assert.NotEqual(0, (await DcmtkPeer.RunAsync("echoscu", "+tla", "-ic", "-aec", "HARMONY_SCP", "127.0.0.1", port)).ExitCode); // shows none
        Assert.NotEqual(0, (await DcmtkPeer.RunAsync("echoscu", "-to", "2", "-ta", "2", "-aec", "HARMONY_SCP", "127.0.0.1", port)).ExitCode); // no TLS at all
    }

    [Fact]
    public async Task Stop_RunningOperation_IsFinishedAndIdleAssociationsEnd()
    {
        var (reached, answer) = (Guard.NewSignal(), Guard.NewSignal());
        await using var gateway = await StartAsync("", new ScriptedBackend(async (request, _) =>
        {
            reached.TrySetResult();
            await answer.Task;
            return new ResponseEnvelope(request, 200);
        }));
        await using var idle = await ConnectAsync(gateway, Echo);
        await using var busy = await ConnectAsync(gateway, [ContextProposal.For(Uid.CTImageStorage)]);
        var storing = busy.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3"), TransferSyntax.ExplicitVRLittleEndian)).AsTask();
        await reached.Task.Guarded();
        var stopping = gateway.StopAsync(Guard.Token);
        await idle.Completion.Guarded();
        Assert.False(stopping.IsCompleted);
        answer.TrySetResult();
        Assert.True((await storing.Guarded()).Status.IsSuccess);
        await stopping.Guarded();
    }

    [Fact]
    public async Task Reload_NewAssociations_UseTheNewConfigurationAndOldOnesTheirOwn()
    {
        await using var gateway = await StartAsync("");
        await using var before = await ConnectAsync(gateway, Echo);
        var reloading = gateway.ReloadAsync(ScpConfig.With(ScriptedBackend.Toml, "enable_echo = false"));
        await using var after = await AgainAsync(async () =>
        {
            var association = await ConnectAsync(gateway, Echo);
            if (!association.Info.PresentationContexts[0].IsAccepted) return association;
            await association.DisposeAsync();
            throw new AssociationRejectedException(AssociationRejection.NoReason); // still the old one
        });
        await before.EchoAsync();
        Assert.False(reloading.IsCompleted);
        await before.ReleaseAsync();
        await reloading.Guarded();
    }

    /// <summary>Old associations end in the old configuration; they still are associations of the one listener.</summary>
    [Fact]
    public async Task Reload_AssociationsOfTheOldConfiguration_CountForTheLimitOfTheNew()
    {
        await using var gateway = await StartAsync("max_associations = 2");
        await using var first = await ConnectAsync(gateway, Echo);
        await using var second = await ConnectAsync(gateway, Echo);
        var reloading = gateway.ReloadAsync(ScpConfig.With(ScriptedBackend.Toml, "max_associations = 2\nenable_find = false"));
        Assert.Equal(AssociationRejection.LocalLimitExceeded,
            (await Assert.ThrowsAsync<AssociationRejectedException>(() => ConnectAsync(gateway, Echo))).Rejection);
        await first.ReleaseAsync();
        await using var third = await AgainAsync(() => ConnectAsync(gateway, Echo)); // as soon as the gateway has noticed
        await second.ReleaseAsync();
        await reloading.Guarded();
        await third.EchoAsync();
    }

    [Fact]
    public async Task Policy_OnAddressAndCallingTitle_JudgesOperations()
    {
        const string Rules = """

            [middleware.guard]
            type = "policies"
            options.policies = ["only_here"]
            [middleware.paths]
            type = "path_filter"
            options.rules = ["/c-store"]
            [policies.only_here]
            id = "only_here"
            rules = ["here", "not_ct2"]
            [rules.here]
            type = "ip_allow"
            options.ip_addresses = ["127.0.0.1"]
            [rules.not_ct2]
            type = "metadata"
            options = { mode = "deny", metadata = [{ name = "calling_aet", value = "CT2" }, { name = "dimse_op", match_type = "regex", value = "^(store|get)$$" }] }
            """;
        await using var gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml + Rules, middleware: "\"guard\", \"paths\""),
            extra: ScriptedBackend.Answering("[]"));
        await using var association = await ConnectAsync(gateway,
            [ContextProposal.For(Uid.CTImageStorage), ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel)]);
        Assert.True((await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        var refused = await Assert.ThrowsAsync<DimseException>(async () =>
        {
            await foreach (var _ in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel,
                new Harmony.Dicom.Data.DicomDataSetBuilder().Set(Harmony.Dicom.Data.DicomTag.QueryRetrieveLevel, "STUDY")
                .Set(Harmony.Dicom.Data.DicomTag.PatientID).Build())) Assert.Fail("a match");
        });
        Assert.Equal(0xC000, refused.Result.Status.Code);
        await using var denied = await ConnectAsync(gateway, [ContextProposal.For(Uid.CTImageStorage)], calling: "CT2");
        Assert.Equal(DimseStatus.NotAuthorized,
            (await denied.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3"), TransferSyntax.ExplicitVRLittleEndian))).Status);
    }

    private static Task<TestGateway> StartAsync(string options, ScriptedBackend? backend = null)
        => TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml, options), extra: backend ?? ScriptedBackend.Answering("[]"));

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway, IReadOnlyList<ContextProposal> contexts, string called = "HARMONY_SCP",
        string calling = "TEST")
        => new DicomClient().ConnectAsync(new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, called, calling), contexts);

    private static async Task<ClientAssociation> AgainAsync(Func<Task<ClientAssociation>> connect)
    {
        var limit = Guard.Token;
        while (true)
        {
            try
            {
                return await connect();
            }
            catch (AssociationRejectedException)
            {
                await Task.Delay(5, limit); // it does not say when
            }
        }
    }
}
