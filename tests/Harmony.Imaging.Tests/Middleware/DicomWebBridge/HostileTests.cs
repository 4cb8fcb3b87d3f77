using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>Requests that are made to hurt: each is bounded, and has its answer; the next request is served.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData("many parts")]
    [InlineData("an endless head")]
    [InlineData("no end")]
    [InlineData("deep JSON")]
    [InlineData("deep XML")]
    [InlineData("an XML entity")]
    [InlineData("metadata without bulk data")]
    [InlineData("a boundary in the payload")]
    public async Task Bodies(string kind)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var (type, body, expected) = kind switch
        {
            "many parts" => ("application/dicom", string.Concat(Enumerable.Repeat("--x\r\n\r\n\r\n", 110_000)) + "--x--", 400),
            "an endless head" => ("application/dicom", "--x\r\nA: " + new string('a', 1_000_000), 400),
            "no end" => ("application/dicom", "--x\r\n\r\n" + new string('a', 100_000), 400),
            "deep JSON" => (
                "application/dicom+json",
                "--x\r\nContent-Type: application/dicom+json\r\n\r\n" + string.Concat(
                    Enumerable.Repeat("{\"00400275\":{\"vr\":\"SQ\",\"Value\":[", 10_000)) + "\r\n--x--", 409),
            "deep XML" => (
                "application/dicom+xml",
                "--x\r\nContent-Type: application/dicom+xml\r\n\r\n<NativeDicomModel>" + string.Concat(
                    Enumerable.Repeat("<DicomAttribute tag='00400275' vr='SQ'><Item number='1'>", 10_000)) + "\r\n--x--", 409),
            "an XML entity" => (
                "application/dicom+xml",
                "--x\r\nContent-Type: application/dicom+xml\r\n\r\n<!DOCTYPE a [<!ENTITY b SYSTEM "
                    + "'file:///etc/passwd'>]><NativeDicomModel>&b;</NativeDicomModel>\r\n--x--", 409),
            "metadata without bulk data" => (
                "application/dicom+json",
                "--x\r\nContent-Type: application/dicom+json\r\n\r\n[{\"00080016\":{\"vr\":\"UI\",\"Value\":[\"1.2\"]},\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.3\"]},\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"http://169.254.169.254/\"}}]\r\n--x--", 409),
            _ => ("application/dicom", "--x\r\n\r\n\r\n--xy\r\n--x--", 400),
        };
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/related; type=\"{type}\"; boundary=x");

        using var response = await gateway.SendAsync(HttpMethod.Post, "studies", content);

        Assert.Equal(expected, (int)response.StatusCode);
        await AssertServesAsync(gateway);
        Assert.Equal(0, pacs.Objects.Count);
    }

    [Theory]
    [InlineData("studies/../../etc/passwd", 404)]
    [InlineData("studies/%2e%2e/metadata", 404)]
    [InlineData("studies/1.2%00/metadata", 400)]
    [InlineData("studies/1.2/series/1.2.1/instances/1.2.1.1/frames/999999999999", 400)]
    [InlineData("studies/1.2/series/1.2.1/instances/1.2.1.1/frames/-1", 400)]
    [InlineData("studies/1.2/series/1.2.1/instances/1.2.1.1/bulkdata/7FE00010/99999999/00100010", 404)]
    [InlineData("studies/1.2/series/1.2.1/instances/1.2.1.1/bulkdata/x", 404)]
    [InlineData("studies?PatientName=%00", 400)]
    [InlineData("studies?limit=99999999999", 400)]
    [InlineData("studies?00100020.00100020.00100020.00100020.00100020.00100020.00100020.00100020.00100020=x", 400)]
    [InlineData("studies?PatientID=%0d%0aX:%20y", 400)]
    public async Task Paths_and_queries(string path, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        var answer = await gateway.Gateway.SendRawAsync("GET", $"/dicomweb/{path}");

        Assert.True(answer.Status == expected || (expected >= 400 && answer.Status is 400 or 404), $"{answer.Status}");
        await AssertServesAsync(gateway);
    }

    /// <summary>As many UIDs as a request line holds are asked for in several queries: no element may be so long (PS3.5 §7.1.2).</summary>
    [Fact]
    public async Task A_long_list_of_UIDs_is_asked_for_in_pieces()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var uids = string.Join(',', Enumerable.Range(0, 900).Select(i => $"1.9.{i}").Append("1.2"));

        var found = await gateway.JsonAsync($"studies?StudyInstanceUID={uids}");

        Assert.Single(found);
        Assert.All(pacs.Identifiers, i => Assert.True(i.GetStrings(DicomTag.StudyInstanceUID).Count <= 200));
    }

    /// <summary>Ten thousand UIDs are more than a request line may have: that is said, and nothing is asked.</summary>
    [Fact]
    public async Task Ten_thousand_UIDs_are_refused_before_anything_is_asked()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var uids = string.Join("%5C", Enumerable.Range(0, 10_000).Select(i => $"1.9.{i}"));

        var answer = await gateway.Gateway.SendRawAsync("GET", $"/dicomweb/studies?StudyInstanceUID={uids}");

        Assert.Equal(414, answer.Status);
        Assert.Empty(pacs.Identifiers);
        await AssertServesAsync(gateway);
    }

    /// <summary>Lengths that the bytes do not keep are an answer for that object, and cost no memory.</summary>
    [Theory]
    [InlineData("an element before the pixels")]
    [InlineData("the pixels")]
    [InlineData("the meta information")]
    [InlineData("the body")]
    public async Task Lengths_that_lie(string where)
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var file = await WebGateway.FileOf(TestObjects.Ct("1.2.3.3"));
        var at = where switch
        {
            "an element before the pixels" => file.AsSpan().IndexOf("\u0010\0\u0010\0PN"u8) + 6,
            "the pixels" => file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W']) + 8,
            "the meta information" => file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x00, 0x10, 0x00, (byte)'U', (byte)'I']) + 6,
            _ => -1,
        };
        if (at > 0)
        {
            var isLong = where == "the pixels";
            for (var i = 0; i < (isLong ? 4 : 2); i++) file[at + i] = (byte)(i == 3 ? 0x7F : 0xFE);
        }
        else
        {
            file = file[..^700];
        }

        using var response = await gateway.StoreAsync("studies", null, file, await WebGateway.FileOf(TestObjects.Ct("1.2.3.4")));

        Assert.InRange((int)response.StatusCode, 200, 409);
        Assert.DoesNotContain(pacs.Objects.Find(Harmony.Dicom.Query.QueryLevel.Image, Everything), o => o.GetString(DicomTag.SOPInstanceUID) == "1.2.3.3");
        await AssertServesAsync(gateway);
    }

    private static DicomDataSet Everything => new DicomDataSetBuilder().Set(DicomTag.SOPInstanceUID).Build();

    [Fact]
    public async Task Objects_of_several_studies_each_have_their_answer()
    {
        await using var pacs = FakePacs.Start();
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);
        var other = TestObjects.Ct("1.2.3.4").ToBuilder().Set(DicomTag.StudyInstanceUID, "9.9").Build();

        using var response = await gateway.StoreAsync(
            "studies/1.2.3.1", null, await WebGateway.FileOf(TestObjects.Ct("1.2.3.3")), await WebGateway.FileOf(other));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var report = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("1.2.3.4", (string)report["00081198"]!["Value"]![0]!["00081155"]!["Value"]![0]!);
        Assert.Equal(1, pacs.Objects.Count);
    }

    private static async Task AssertServesAsync(WebGateway gateway)
    {
        using var response = await gateway.GetAsync("studies?limit=1");
        Assert.True(response.IsSuccessStatusCode);
    }
}
