using Harmony.Core.Envelope;
using Harmony.Modules.Dicom;
using Harmony.Testing;

namespace Harmony.Modules.Tests.Dicom;

public class DimseStatusesTests
{
    /// <summary>The table of <c>docs/errors.md</c>: what stands there is what is answered.</summary>
    [Fact]
    public void OfHttp_EveryStatus_IsAsThePageSays()
    {
        var rows = File.ReadAllLines(RepositoryFolder.PathOf("docs", "errors.md")).SkipWhile(l => l != "## DIMSE").TakeWhile(l => l != "## Before there is a request")
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Where(r => r.Length > 2 && r[1].Split(", ").All(s => s.Length == 3 && s.All(char.IsAsciiDigit))).ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            Assert.All(row[1].Split(", "), http => Assert.Equal(row[2], DimseStatuses.OfHttp(int.Parse(http)).Code.ToString("X4")));
        }
    }

    [Theory]
    [InlineData(418, "C000")]
    [InlineData(599, "0110")]
    [InlineData(204, "0000")]
    public void OfHttp_OtherStatus_IsOfItsClass(int http, string dimse) => Assert.Equal(dimse, DimseStatuses.OfHttp(http).Code.ToString("X4"));

    [Theory]
    [InlineData("0xA700", 502, "A700")]
    [InlineData("0xB000", 200, "B000")]
    [InlineData("0xFF00", 200, "0000")]
    [InlineData("nonsense", 507, "A700")]
    [InlineData(null, 404, "A801")]
    public void Of_StatusThatABackendWasTold_IsPassedOn(string? told, int http, string expected)
    {
        using var request = new RequestEnvelope { Protocol = "dimse", Method = "C-STORE", Path = "/c-store", Headers = new HeaderFields(), Body = Body.Empty(), RequestId = "1" };
        var response = new ResponseEnvelope(request, http);
        if (told is not null) response.Metadata[DicomMetadataKeys.DicomStatus] = told;
        Assert.Equal(expected, DimseStatuses.Of(response).Code.ToString("X4"));
    }
}
