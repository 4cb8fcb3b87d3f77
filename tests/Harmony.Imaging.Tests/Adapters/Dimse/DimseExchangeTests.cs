using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

/// <summary>What operators see of operations and associations: metrics and access records.</summary>
public sealed class DimseExchangeTests
{
    [Fact]
    public async Task Operation_OfEachOutcome_HasAnAccessRecord()
    {
        var status = 200;
        var asked = Guard.NewSignal();
        await using var gateway = await StartAsync("recorded", new ScriptedBackend(async (request, ct) =>
        {
            if (status == 0)
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.Infinite, ct);
            }

            await request.Body.OpenStream().CopyToAsync(Stream.Null, ct);
            return ScriptedBackend.Json(request, "[]", status);
        }));
        var records = new Records();
        gateway.Runtime.AccessLog.Current = records;
        var association = await ConnectAsync(gateway);
        await association.EchoAsync();
        var stored = await association.StoreAsync(Object());
        status = 507;
        var refused = await association.StoreAsync(Object());
        status = 200;
        await foreach (var _ in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel,
            new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientID, "P-1").Build())) Assert.Fail("a match");
        status = 0;
        var never = association.StoreAsync(Object()).AsTask();
        await asked.Task.Guarded();
        await association.AbortAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => never).Guarded();
        await gateway.Snapshot.CloseAsync().Guarded();
        Assert.Equal((DimseStatus.Success, DimseStatus.OutOfResources), (stored.Status, refused.Status));

        var all = records.All.ToList();
        Assert.Equal(["C-ECHO 200", "C-STORE 200", "C-STORE 507", "C-FIND 200", "C-STORE 499"], all.Select(r => $"{r.Method} {r.Status}"));
        Assert.All(all, r => Assert.Equal(
            ("DIMSE", "main", "p", "recorded", "127.0.0.1", $"/{r.Method.ToLowerInvariant()}"),
            (r.Protocol, r.Network, r.Pipeline, r.Endpoint, r.ClientAddress?.ToString(), r.Path)));
        Assert.Equal([null, "b", "b", "b", "b"], all.Select(r => r.Backend));
        Assert.Equal([false, true, true, true], all.Take(4).Select(r => r.BytesIn > (r.Method == "C-FIND" ? 100 : 4000)));
        Assert.Equal(5, all.Select(r => r.RequestId).Distinct().Count());
        Assert.All(all, r => Assert.True(r.Duration > TimeSpan.Zero && r.Time <= TimeProvider.System.GetUtcNow()));
        Assert.DoesNotContain("P-1", string.Join('\n', all), StringComparison.Ordinal);
        Assert.Equal(["0000", "0000", "A700", "0000", null], all.Select(r => r.Dimse!.Status));
        Assert.All(all, r => Assert.Equal(("TEST", "HARMONY_SCP"), (r.Dimse!.CallingAet, r.Dimse.CalledAet)));
        Assert.Equal(
            [null, Uid.CTImageStorage, Uid.CTImageStorage, Uid.FINDStudyRootQueryRetrieveInformationModel, Uid.CTImageStorage],
            all.Select(r => r.Dimse!.SopClassUid));
        Assert.Equal([null, "1.2.3.1", "1.2.3.1", null, "1.2.3.1"], all.Select(r => r.Dimse!.StudyUid));
        Assert.Equal(("1.2.3.2", "1.2.3", "P-1"), (all[1].Dimse!.SeriesUid, all[1].Dimse!.InstanceUid, all[1].Dimse!.PatientId));
    }

    /// <summary>Who has sent what: one line for an association that stored something, however much; none for one that only asked.</summary>
    [Fact]
    public async Task AssociationThatStored_IsOneLine_WithTitleAndAddress()
    {
        var status = 200;
        await using var gateway = await StartAsync("stored", new ScriptedBackend(async (request, ct) =>
        {
            await request.Body.OpenStream().CopyToAsync(Stream.Null, ct);
            return ScriptedBackend.Json(request, "[]", status);
        }));
        await using (var asks = await ConnectAsync(gateway, "ASKS")) await asks.EchoAsync();
        await using (var stores = await ConnectAsync(gateway, "CT_1"))
        {
            for (var i = 0; i < 3; i++) await stores.StoreAsync(Object());
            status = 507;
            await stores.StoreAsync(Object());
        }

        var line = await gateway.Log.FirstAsync(3015);
        Assert.Equal("'CT_1' at 127.0.0.1 stored 3 objects at endpoint 'stored' in an association; 1 failed", line.Message);
        await gateway.Snapshot.CloseAsync().Guarded();
        Assert.Single(gateway.Log.Lines, l => l.EventId == 3015);
    }

    [Fact]
    public async Task AssociationsAndOperations_AreCounted()
    {
        using var metrics = new Measured("measured");
        await using var gateway = await StartAsync("measured", ScriptedBackend.Answering("{}", 503), "allowed_calling_aets = [\"TEST\"]");
        await Assert.ThrowsAsync<AssociationRejectedException>(() => ConnectAsync(gateway, "OTHER"));
        await using (var association = await ConnectAsync(gateway))
        {
            Assert.Equal(1, metrics.Of("harmony.dimse.associations"));
            await association.EchoAsync();
            await association.EchoAsync();
            Assert.False((await association.StoreAsync(Object())).Status.IsSuccess);
            await association.ReleaseAsync();
        }

        await gateway.Snapshot.CloseAsync().Guarded();
        Assert.Equal(0, metrics.Of("harmony.dimse.associations"));
        Assert.Equal(1, metrics.Of("harmony.dimse.rejections calling_ae_title"));
        Assert.Equal(0, metrics.Of("harmony.requests.in_flight"));
        Assert.Equal((2, 1), (metrics.Of("harmony.requests 2xx"), metrics.Of("harmony.requests 5xx")));
    }

    private static SopInstance Object() => SopInstance.Of(TestObjects.Ct("1.2.3", pixels: 4000), TransferSyntax.ExplicitVRLittleEndian);

    private static Task<TestGateway> StartAsync(string endpoint, ScriptedBackend backend, string options = "") => TestGateway.StartAsync(
        ScpConfig.With(ScriptedBackend.Toml, options).Replace("[\"scp\"]", $"[\"{endpoint}\"]", StringComparison.Ordinal)
            .Replace("[endpoints.scp", $"[endpoints.{endpoint}", StringComparison.Ordinal),
        extra: backend);

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway, string calling = "TEST") => new DicomClient().ConnectAsync(
        new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "HARMONY_SCP", calling),
        [ContextProposal.For(Uid.VerificationSOPClass), ContextProposal.For(Uid.CTImageStorage),
            ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel)]);

    private sealed class Records : IAccessLog
    {
        public ConcurrentQueue<AccessRecord> All { get; } = new();

        public void Write(in AccessRecord record) => All.Enqueue(record);
    }

    /// <summary>Sums of what is measured for one endpoint; counts of requests by class of status. The meter is the process's.</summary>
    private sealed class Measured : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, long> _sums = new();

        public Measured(string endpoint)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == HarmonyMetrics.MeterName) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
            {
                var (isOurs, name) = (false, instrument.Name);
                foreach (var tag in tags)
                {
                    isOurs |= tag is { Key: "endpoint", Value: string value } && value == endpoint;
                    if (tag is { Key: "status_class" or "reason", Value: string status }) name += $" {status}";
                }

                if (isOurs) _sums.AddOrUpdate(name, count, (_, sum) => sum + count);
            });
            _listener.Start();
        }

        public long Of(string name) => _sums.GetValueOrDefault(name);

        public void Dispose() => _listener.Dispose();
    }
}
