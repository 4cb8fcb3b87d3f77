using System.Text;

namespace Harmony.Core.Tests.Routing;

/// <summary>Paths put together at random from the pieces that matter, the same for the same seed.</summary>
internal static class RandomPaths
{
    private static readonly string[] Pieces =
    [
        "/", "/", "/", "/", "a", "b", "x", ".", ".", "..", "/../", "/./", "//", ";", ";v=1", "%2e", "%2E", "%2f", "%2F", "%5c", "\\", "%25", "%252e", "%252f",
        "%20", " ", "%3b", "%41", "%7e", "%c3%a9", "\u00E9", "\u20AC", "%E2%82%AC", "{", "}", "[", "$", "%24", "@", "%40", "2e", "25", "%25%32", "%u", "%c0",
    ];

    public static IEnumerable<string> Generate(int seed, int count)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Clear().Append('/');
            for (var pieces = random.Next(1, 12); pieces > 0; pieces--) text.Append(Pieces[random.Next(Pieces.Length)]);
            yield return text.ToString();
        }
    }
}
