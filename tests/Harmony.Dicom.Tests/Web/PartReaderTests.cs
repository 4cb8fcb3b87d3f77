using System.Text;
using Harmony.Dicom.Web.Multipart;

namespace Harmony.Dicom.Tests.Web;

public sealed class PartReaderTests
{
    [Theory]
    [InlineData("--b\r\nContent-Type: a/b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--")]
    [InlineData("\r\n--b\r\nContent-Type: a/b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n")] // dicomweb-client begins with a line break
    [InlineData("a preamble\r\n--b \t\r\ncontent-type:a/b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b-- an epilogue")]
    public async Task Parts_are_read_as_they_come(string body)
    {
        foreach (var piece in new[] { 1, 2, 7, 4096 })
        {
            var reader = new PartReader(new InPieces(Encoding.ASCII.GetBytes(body), piece), "b");

            Assert.Equal([("a/b", "one"), (null, "two")], await AllAsync(reader));
        }
    }

    [Fact]
    public async Task A_part_that_is_not_read_is_passed_over()
    {
        var reader = new PartReader(new InPieces(Encoding.ASCII.GetBytes($"--b\r\n\r\n{new string('x', 200_000)}\r\n--b\r\n\r\ntwo\r\n--b--"), 1000), "b");
        await reader.NextAsync(default);

        var second = await reader.NextAsync(default);

        Assert.Equal("two", await ReadAsync(second!));
        Assert.Null(await reader.NextAsync(default));
    }

    [Fact]
    public async Task Content_that_looks_like_a_delimiter_is_content()
    {
        var content = "\r\n--\r\n--a\r\n-\r\r\n--\r";
        var reader = new PartReader(new InPieces(Encoding.ASCII.GetBytes($"--bb\r\n\r\n{content}\r\n--bb--"), 3), "bb");

        Assert.Equal([(null, content)], await AllAsync(reader));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("nothing of the kind", "not in the body")]
    [InlineData("--b\r\n\r\nno end", "last delimiter is missing")]
    [InlineData("--b\r\nno colon\r\n\r\nx\r\n--b--", "no name and colon")]
    [InlineData("--bx\r\n\r\nx\r\n--b--", "something other")]
    [InlineData("--b\r\nA: b", "middle of the fields")]
    public async Task What_is_not_multipart_is_said_to_be_none(string body, string words)
    {
        var reader = new PartReader(new InPieces(Encoding.ASCII.GetBytes(body), 5), "b");

        var e = await Assert.ThrowsAsync<MultipartFormatException>(() => AllAsync(reader));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_and_fields_are_bounded()
    {
        var parts = new PartReader(new InPieces(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\r\n--b\r\n\r\n", 50))), 100), "b",
            new PartReaderOptions { MaxParts = 10 });
        var head = new PartReader(new InPieces(Encoding.ASCII.GetBytes($"--b\r\nX: {new string('x', 100_000)}\r\n\r\n"), 1000), "b");
        var fields = new PartReader(
            new InPieces(Encoding.ASCII.GetBytes($"--b\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X{i}: y\r\n"))}\r\n"), 1000), "b");

        Assert.Contains("10 parts", (await Assert.ThrowsAsync<MultipartFormatException>(() => AllAsync(parts))).Message, StringComparison.Ordinal);
        Assert.Contains("bytes", (await Assert.ThrowsAsync<MultipartFormatException>(() => AllAsync(head))).Message, StringComparison.Ordinal);
        Assert.Contains("fields", (await Assert.ThrowsAsync<MultipartFormatException>(() => AllAsync(fields))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_is_read_again()
    {
        var boundary = Boundary.Create();
        var framing = new MultipartFraming(boundary, "application/dicom");
        byte[] body = [.. framing.Begin("application/dicom; transfer-syntax=1.2"), 1, 2, 3,
            .. framing.Begin("application/dicom; transfer-syntax=1.2", "http://x/y", 2), 4, 5, .. framing.End()];
        var reader = new PartReader(new MemoryStream(body), boundary);

        var first = await reader.NextAsync(default);
        var second = await reader.NextAsync(default);

        Assert.StartsWith($"--{boundary}", Encoding.ASCII.GetString(body), StringComparison.Ordinal);
        Assert.Equal("application/dicom; transfer-syntax=1.2", first!.ContentType);
        Assert.Equal("http://x/y", second!.ContentLocation);
        Assert.Equal("\u0004\u0005", await ReadAsync(second));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ends with a space ")]
    [InlineData("with\r\nline break")]
    public void A_boundary_that_is_none_is_refused(string boundary) => Assert.Throws<MultipartFormatException>(() => new PartReader(Stream.Null, boundary));

    /// <summary>Orthanc's boundaries are longer than RFC 2046 allows.</summary>
    [Fact]
    public async Task A_boundary_of_two_UUIDs_is_taken()
    {
        var boundary = $"{Guid.NewGuid()}-{Guid.NewGuid()}";
        Assert.Equal(
            [(null, "x")], await AllAsync(new PartReader(new InPieces(Encoding.ASCII.GetBytes($"--{boundary}\r\n\r\nx\r\n--{boundary}--"), 9), boundary)));
    }

    private static async Task<List<(string? ContentType, string Content)>> AllAsync(PartReader reader)
    {
        var all = new List<(string?, string)>();
        while (await reader.NextAsync(default) is { } part) all.Add((part.ContentType, await ReadAsync(part)));
        return all;
    }

    private static async Task<string> ReadAsync(BodyPart part)
    {
        using var copy = new MemoryStream();
        await part.Content.CopyToAsync(copy);
        return Encoding.ASCII.GetString(copy.ToArray());
    }

    /// <summary>Bytes that come a few at a time.</summary>
    private sealed class InPieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer.Length > size ? buffer[..size] : buffer, cancellationToken);
    }
}
