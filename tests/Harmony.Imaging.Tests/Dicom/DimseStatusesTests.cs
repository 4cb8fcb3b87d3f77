using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Dicom;
using Harmony.Testing;

namespace Harmony.Imaging.Tests.Dicom;

public class DimseStatusesTests
{
    private static readonly DimseOperation[] Retrievals = [DimseOperation.Get, DimseOperation.Move];
    private static readonly DimseOperation[] Others = [DimseOperation.Store, DimseOperation.Find];

    /// <summary>The tables of <c>docs/errors.md</c>: what stands there is what is answered.</summary>
    [Fact]
    public void Answer_EveryStatus_IsAsThePageSays() => Rows("response of a backend (HTTP)", (names, others, retrievals) =>
    {
        foreach (var status in names.Select(int.Parse))
        {
            Assert.All(Others, o => Assert.Equal(others, Code(DimseStatuses.Of(status, o))));
            Assert.All(Retrievals, o => Assert.Equal(retrievals, Code(DimseStatuses.Of(status, o))));
        }
    });

    [Fact]
    public void Fault_EveryKind_IsAsThePageSays()
    {
        var seen = new HashSet<FaultKind> { FaultKind.ClientGone }; // nobody is answered
        Rows("fault", (names, others, retrievals) =>
        {
            foreach (var kind in names.Select(Enum.Parse<FaultKind>))
            {
                seen.Add(kind);
                Assert.All(Others, o => Assert.Equal(others, Code(DimseStatuses.Of(kind, FaultSource.Backend, o))));
                Assert.All(Retrievals, o => Assert.Equal(retrievals, Code(DimseStatuses.Of(kind, FaultSource.Backend, o))));
            }
        });
        Assert.Equal(Enum.GetValues<FaultKind>().Order(), seen.Order());
    }

    [Fact]
    public void Refusal_EveryKind_IsAsThePageSays()
    {
        var seen = new HashSet<RefusalKind>();
        Rows("refusal", (names, status, _) =>
        {
            foreach (var kind in names.Select(Enum.Parse<RefusalKind>))
            {
                seen.Add(kind);
                Assert.All(Others.Concat(Retrievals), o => Assert.Equal(status, Code(DimseStatuses.Of(new Refusal(kind, ""), o))));
            }
        });
        Assert.Equal(Enum.GetValues<RefusalKind>().Order(), seen.Order());
    }

    /// <summary>No kind of fault, no refusal and no answer but 2xx looks to a sender as if its object were stored.</summary>
    [Fact]
    public void Store_WhatWasNotStored_IsNeverTakenForStored()
    {
        Assert.All(Enumerable.Range(100, 500).Where(s => s is < 200 or >= 300), s => AssertNotStored(DimseStatuses.Of(s, DimseOperation.Store)));
        foreach (var source in Enum.GetValues<FaultSource>())
        {
            Assert.All(Enum.GetValues<FaultKind>(), k => AssertNotStored(DimseStatuses.Of(k, source, DimseOperation.Store)));
        }

        Assert.All(Enum.GetValues<RefusalKind>(), k => AssertNotStored(DimseStatuses.Of(new Refusal(k, ""), DimseOperation.Store)));
    }

    [Theory]
    [InlineData(418, "C000")]
    [InlineData(599, "0110")]
    [InlineData(204, "0000")]
    public void Of_OtherStatus_IsOfItsClass(int http, string dimse) => Assert.Equal(dimse, Code(DimseStatuses.Of(http, DimseOperation.Store)));

    /// <summary>What the other system said, what a step set, and the HTTP status: a failure stays one.</summary>
    [Theory]
    [InlineData(502, null, "0xA700", "A700")]
    [InlineData(200, null, "0xB000", "B000")]
    [InlineData(200, null, "0xFF00", "0000")]
    [InlineData(200, null, "0xFE00", "0000")]
    [InlineData(507, null, "nonsense", "A700")]
    [InlineData(404, null, null, "C000")]
    [InlineData(500, null, "0x0000", "0110")]
    [InlineData(500, null, "0xB000", "0110")]
    [InlineData(503, null, "0x0111", "A701")]
    [InlineData(200, null, "0xA900", "A900")]
    [InlineData(500, 0xA700, null, "A700")]
    [InlineData(500, 0xA700, "0x0000", "A700")]
    [InlineData(500, 0xA700, "0xC001", "C001")]
    [InlineData(200, 0xB007, null, "B007")]
    [InlineData(200, 0xA700, null, "A700")]
    [InlineData(500, 0x0111, null, "0111")] // the other system has it
    [InlineData(500, 0xFE00, null, "0110")]
    [InlineData(200, 0xFF00, null, "0110")]
    [InlineData(500, 0x0000, null, "0110")]
    public void Store_WhatIsTold_IsPassedOnButNeverLooksBetterThanItIs(int http, int? told, string? set, string expected)
    {
        using var request = Request();
        var response = new ResponseEnvelope(request, http);
        if (told is { } code) new DimseOutcome(new DimseStatus((ushort)code)).AddTo(response);
        if (set is not null) response.Metadata[DicomMetadataKeys.DicomStatus] = set;
        Assert.Equal(expected, Code(DimseStatuses.Of(response, DimseOperation.Store)));
    }

    private static void AssertNotStored(DimseStatus status)
    {
        Assert.True(status.IsFailure, status.ToString());
        Assert.NotEqual(DimseStatus.DuplicateSopInstance, status);
    }

    private static string Code(DimseStatus status) => status.Code.ToString("X4");

    private static RequestEnvelope Request()
        => new() { Protocol = "dimse", Method = "C-STORE", Path = "/c-store", Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "1" };

    private static void Rows(string table, Action<string[], string, string> check)
    {
        var rows = File.ReadAllLines(RepositoryFolder.PathOf("docs", "errors.md")).SkipWhile(l => l != "## DIMSE")
            .SkipWhile(l => !l.StartsWith($"| {table} |", StringComparison.Ordinal))
            .Skip(2).TakeWhile(l => l.StartsWith('|')).Select(l => l.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows) check(row[1].Split(", "), row[2], row[3]);
    }
}
