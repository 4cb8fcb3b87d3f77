using Harmony.Core.Storage;
using Harmony.Data.Services.Storage;

namespace Harmony.Data.Tests.Services.Storage;

/// <summary>Threats: dcm4chee #4985 and DCMTK CVE-2026-5663: names made from tag values never lead out of their root.</summary>
public class NamePatternTests
{
    private static readonly string[] Hostile =
    [
        "", " ", ".", "..", "...", "../", "../../etc/passwd", "/etc/passwd", "\\\\host\\share", "C:\\x", "a/b", "a\\b", "a\0b", "a;b", "a|b", "$(id)", "`id`",
        "%2f", "%2e%2e%2f", "..%00",
        "a\r\nb", "con", "NUL", "nul.txt", "COM1", "LPT9.dcm", "CONIN$", ".incoming", "~", "~2", "-rf", "a.", "a ", ".hidden", "{uuid}", "{", "}", "山田^太郎",
        "\uD800", "\uFEFF", "\u202Egnp.exe",
        new string('1', 65), new string('a', 5000), new string('/', 5000), new string('.', 5000), string.Concat(Enumerable.Repeat("../", 2000)),
        string.Concat(Enumerable.Repeat("é", 400)),
    ];

    [Theory]
    [InlineData("{v}")]
    [InlineData("{v}/{v}.dcm")]
    [InlineData("a{v}b/{v}{v}")]
    [InlineData("{storedPath}/{v}")]
    [InlineData("x/{path}.json")]
    [InlineData("{v}.{v}")]
    public void TryResolve_AnyValue_StaysBelowTheRoot(string text)
    {
        Assert.True(NamePattern.TryParse(text, out var pattern, out _));
        var root = Path.GetFullPath("/srv/archive/");
        foreach (var value in Hostile.Concat(RandomValues(3000)))
        {
            if (!pattern.TryResolve(_ => value, out var name)) continue; // refused is safe too
            var path = Path.GetFullPath(Path.Combine(root, name.Text));
            Assert.StartsWith(root, path, StringComparison.Ordinal);
            Assert.Equal(path[root.Length..], name.Text);
            Assert.DoesNotContain(name.Segments, s => s.StartsWith('.') || s.Length > ObjectName.MaxSegmentBytes);
        }
    }

    [Fact]
    public void TryResolve_ValueOfOneSegment_NeverFailsAndStaysOne()
    {
        Assert.True(NamePattern.TryParse("p/{v}.dcm", out var pattern, out _));
        Assert.All(Hostile.Concat(RandomValues(1000)), value =>
        {
            Assert.True(pattern.TryResolve(_ => value, out var name));
            Assert.Equal(2, name.Segments.Count);
            Assert.EndsWith(".dcm", name.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void TryResolve_DifferentValues_AreDifferentNames()
    {
        Assert.True(NamePattern.TryParse("{v}", out var pattern, out _));
        var values = Hostile.Where(v => v.Length > 0 && !v.Contains('\uD800')).Concat(["a/b", "a%2Fb", "a_b", "A", "a"]).Distinct(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(values.Count, values.Select(v => pattern.TryResolve(_ => v, out var name) ? name.Text : "").Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("{PatientID}/{uuid}.dcm", "P-1", "P-1/P-1.dcm")]
    [InlineData("{PatientID}", "a/b", "a%2Fb")]
    [InlineData("{PatientID}", null, "_")]
    [InlineData("{path}", "a/b%20c/../d", "a/b%20c/%2E%2E/d")]
    [InlineData("{path}", "a%2Fb", "a%2Fb")]
    [InlineData("{path}", "", "_")]
    [InlineData("x/{v}", "nul.dcm", "x/%6Eul.dcm")]
    public void TryResolve_Value_IsWrittenSo(string text, string? value, string name)
    {
        Assert.True(NamePattern.TryParse(text, out var pattern, out _));
        Assert.True(pattern.TryResolve(_ => value, out var found));
        Assert.Equal(name, found.Text);
    }

    [Theory]
    [InlineData("/abs/{uuid}")]
    [InlineData("../{uuid}")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData(".incoming/{uuid}")]
    [InlineData("a\\{uuid}")]
    [InlineData("{uuid")]
    [InlineData("uuid}")]
    [InlineData("{}")]
    [InlineData("{a{b}}")]
    [InlineData("{uuid}/")]
    public void TryParse_PatternThatMayLeadElsewhere_SaysWhy(string text)
    {
        Assert.False(NamePattern.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }

    private static IEnumerable<string> RandomValues(int count)
    {
        const string Alphabet = "../\\\0;:%~ aA1{}\n\u00e9\u202e";
        for (var i = 0; i < count; i++)
            yield return string.Concat(Enumerable.Range(0, Random.Shared.Next(12)).Select(_ => Alphabet[Random.Shared.Next(Alphabet.Length)]));
    }
}
