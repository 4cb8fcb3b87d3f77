using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Web.Media;

namespace Harmony.Dicom.Tests.Web;

public sealed class AcceptHeaderTests
{
    [Theory]
    [InlineData("multipart/related; type=application/octet-stream; transfer-syntax=*", "application/octet-stream")] // cornerstone
    [InlineData("multipart/related;type=\"application/dicom\";transfer-syntax=*", "application/dicom")] // Weasis
    [InlineData("Multipart/Related; TYPE=\"Application/DICOM\"", "application/dicom")]
    [InlineData("multipart/related; type=\"application/dicom+xml", "application/dicom+xml")] // a quote that is never closed
    [InlineData("multipart/related; type=application/dicom json", "application/dicom+json")] // a plus sign that a query decoded
    public void The_type_of_parts_is_read_quoted_or_not(string header, string expected)
    {
        var range = Assert.Single(AcceptHeader.Parse(header));

        Assert.Equal("multipart/related", range.Type);
        Assert.Equal(expected, range.PartType);
    }

    [Fact]
    public void A_parameter_that_comes_twice_counts_twice()
    {
        var range =
            Assert.Single(AcceptHeader.Parse("multipart/related; type=\"image/jls\"; transfer-syntax=\"1.2.840.10008.1.2.4.80\"; transfer-syntax=\"*\""));

        Assert.Equal(["1.2.840.10008.1.2.4.80", "*"], range.TransferSyntaxes);
        Assert.True(range.TakesAnySyntax);
    }

    [Fact]
    public void Commas_and_semicolons_in_quotes_separate_nothing()
    {
        var ranges = AcceptHeader.Parse("application/dicom+json, multipart/related; type=\"a/b;c=d,e\"; q=0.5");

        Assert.Equal(["application/dicom+json", "multipart/related"], ranges.Select(r => r.Type));
        Assert.Equal("a/b;c=d,e", ranges[1].PartType);
        Assert.Equal(0.5, ranges[1].Quality);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",,;")]
    [InlineData("no-slash")]
    [InlineData("a/b/c")]
    [InlineData("/x, x/")]
    public void What_cannot_be_read_is_passed_over(string header) => Assert.Empty(AcceptHeader.Parse(header));

    [Fact]
    public void A_header_of_a_million_commas_is_bounded()
        => Assert.Equal(AcceptHeader.MaxRanges, AcceptHeader.Parse(string.Join(',', Enumerable.Repeat("a/b", 100_000))).Count);

    [Theory]
    [InlineData("*/*", "1.2.840.10008.1.2.1", true)]
    [InlineData("*/*", "1.2.840.10008.1.2.4.102", false)] // video, of which nobody can say who plays it
    [InlineData("multipart/related; type=application/octet-stream", "1.2.840.10008.1.2.1", true)]
    [InlineData("multipart/related; type=application/octet-stream", "1.2.840.10008.1.2.4.80", false)]
    [InlineData("multipart/related; type=application/octet-stream; transfer-syntax=*", "1.2.840.10008.1.2.4.80", true)]
    [InlineData("multipart/related; type=\"image/jls\"; transfer-syntax=1.2.840.10008.1.2.4.80; transfer-syntax=*", "1.2.840.10008.1.2.1", true)]
    [InlineData("multipart/related; type=\"image/dicom+jpeg\"", "1.2.840.10008.1.2.4.70", true)]
    [InlineData("multipart/related; type=\"image/jp2\"; transfer-syntax=1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", false)]
    [InlineData("multipart/related; type=\"application/octet-stream\"; transfer-syntax=1.2.840.10008.1.2", "1.2.840.10008.1.2.1", true)]
    public void Frames_are_accepted_as_they_are_stored_or_not(string header, string syntax, bool expected)
    {
        var range = Assert.Single(AcceptHeader.Parse(header));

        Assert.Equal(expected, FrameMedia.Accepts(range.Type == "*/*" ? "*/*" : range.PartType, range, TransferSyntax.Of(syntax)));
    }
}
