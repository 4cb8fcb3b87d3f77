using Harmony.Jolt.Documents;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Operations;

/// <summary>A key of a shift spec and what hangs on it.</summary>
internal abstract class ShiftNode(KeyPattern key)
{
    public KeyPattern Key => key;

    /// <summary>Whether the key takes part in matching input keys; the others add something whenever their parent matches.</summary>
    public bool MatchesInput => key is LiteralKey or ComputedKey;

    /// <summary>Whether what is below the key of a lookup sees the value found there, and not the one the lookup started from.</summary>
    protected abstract bool WalksIntoLookup { get; }

    /// <summary>Does its work for an input key and the value there, when it matches. The walk stands at the parent.</summary>
    /// <returns>Whether it matched, so that no other key gets to see this one.</returns>
    public abstract bool Apply(string inputKey, DocValue input, ShiftOutput output);

    /// <summary>Takes the step down to this key, when it matches, and tells the value it stands for.</summary>
    protected bool TryEnter(string inputKey, DocValue input, Walk walk, out DocValue value)
    {
        value = input;
        switch (key)
        {
            case LiteralKey:
                walk.Push(input, inputKey);
                return true;
            case ComputedKey computed:
                if (!computed.IsMatch(inputKey, walk)) return false;
                walk.Push(input, inputKey, computed.Glob);
                return true;
            case InputKey:
                walk.PushSameMatch(input);
                return true;
            case LookupKey { Lookup: var lookup }:
                value = lookup.Find(walk);
                if (value.IsMissing) return false;
                walk.PushSameMatch(WalksIntoLookup ? value : input);
                return true;
            default:
                return TryEnterText(input, walk, out value);
        }
    }

    private bool TryEnterText(DocValue input, Walk walk, out DocValue value)
    {
        var text = key is ConstantKey constant ? constant.Text : walk.KeyAt(((NameKey)key).Reference);
        value = text is null ? default : DocValue.String(text);
        if (text is null) return false;
        walk.Push(input, text);
        return true;
    }
}
