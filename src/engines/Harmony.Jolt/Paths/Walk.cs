using Harmony.Jolt.Documents;

namespace Harmony.Jolt.Paths;

/// <summary>The way from the root of a document to where an operation is: for each level the value there and the key that led to it.</summary>
internal sealed class Walk
{
    private WalkStep[] _steps = new WalkStep[8];
    private int _count;

    /// <summary>How many values the array where the operation is had before it was extended; -1 where there is none.</summary>
    public int OriginalLength => _steps[_count - 1].OriginalLength;

    /// <summary>Takes one step down.</summary>
    public void Push(DocValue tree, string key, Glob? glob = null, int originalLength = -1)
    {
        if (_count == _steps.Length) Array.Resize(ref _steps, _count * 2);
        _steps[_count] = new WalkStep(tree, key, glob, originalLength, _count);
        _count++;
    }

    /// <summary>Takes a step that stays at the key of the level above: <c>@</c> looks at another value of the same match.</summary>
    public void PushSameMatch(DocValue tree)
    {
        if (_count == _steps.Length) Array.Resize(ref _steps, _count * 2);
        _steps[_count] = _steps[_count - 1] with { Tree = tree };
        _count++;
    }

    /// <summary>Takes the last step back.</summary>
    public void Pop() => _count--;

    /// <summary>Forgets the whole way.</summary>
    public void Clear() => _count = 0;

    /// <summary>Counts a match below where the operation is; <c>[#n]</c> reads the count.</summary>
    public void CountMatch() => _steps[_steps[_count - 1].Match].Matches++;

    /// <summary>The value <paramref name="level"/> levels up; missing when there are not that many.</summary>
    public DocValue TreeAt(int level) => level < _count ? _steps[_count - 1 - level].Tree : default;

    /// <summary>How many matches the level <paramref name="level"/> levels up has had; null when there are not that many levels.</summary>
    public int? MatchesAt(int level) => level < _count ? _steps[_steps[_count - 1 - level].Match].Matches : null;

    /// <summary>The key, or the part of it that a <c>*</c> stood for; null when there is none.</summary>
    public string? KeyAt(Reference reference)
    {
        if (reference.Level >= _count) return null;
        ref readonly var step = ref _steps[_count - 1 - reference.Level];
        if (reference.Group == 0) return step.Key;
        return reference.Group <= (step.Glob?.Stars ?? 0) ? step.Glob!.Capture(step.Key, reference.Group) : null;
    }

    /// <summary>Whether <paramref name="container"/> is above where the operation is.</summary>
    public bool LeadsThrough(DocContainer container)
    {
        for (var i = 0; i < _count - 1; i++)
        {
            if (ReferenceEquals(_steps[i].Tree.AsContainer, container)) return true;
        }

        return false;
    }
}

/// <summary>One level of a <see cref="Walk"/>.</summary>
/// <param name="Tree">The value at that level.</param>
/// <param name="Key">The key or index that led to it.</param>
/// <param name="Glob">The pattern the key matched, if it had a <c>*</c> among other characters.</param>
/// <param name="OriginalLength">How many values the array had before it was extended; -1 for anything else.</param>
/// <param name="Match">Which step counts the matches: this one, or the one whose match it shares.</param>
internal record struct WalkStep(DocValue Tree, string Key, Glob? Glob, int OriginalLength, int Match)
{
    /// <summary>How many matches there were below it so far.</summary>
    public int Matches { get; set; }
}
