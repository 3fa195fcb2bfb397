"""Words that name no subject: those of every abstract, and those in which one talks of an idea."""

from __future__ import annotations

from bot.classifier.evidence import PLAIN_WORDS

_IDLE_WORDS = """
actually afterward afterwards ago ahead alone already amount anybody anymore anyway apart appear appears arrive ask
away back bad basically become beforehand begin begins believe belong bet big bit bring brings came care carefully
case certain certainly chance check clear clearly come comes coming compare completely concern could course curious
day deal definitely depend depends didn doesn don dozen dozens easily eight eighty else end ended entire entirely
especially eventually everybody everyone everything everywhere exact exactly expect expectation extra fair far fast
feel feeling few fifteen fifty final finally find fine finish finished five follow follows forever forty forward found
four fully fun generally gets getting give given gives glad goes going gone good got great guess half hand hang happen
happens happy hard hardly haven hear hence hold holds hope hour huge hunch hundred hundreds hypothesis idea imagine
immediately inside interesting intuition isn job keep keeps kept kind know knows largely late lately later leave
leaves left let like ll long longer look lot lots main mainly makes matter matters maybe mean means meant measure
merely might mind minute month months motivation move much my near nearly necessarily never nice nine ninety nobody
none nothing obvious obviously often ok okay old older once ones ought outside own pair part particular particularly
partly parts past pay people perhaps place plan please plenty possible possibly precisely prefer pretty previously
probably purely put puts question quick quickly quite rarely rather re really remain remains rest right roughly say
says second seconds see seem seems seen send sense sent seven seventy several shall side simple simpler simply since
six sixty small so somebody someone something somewhere soon sort start started starts stay stays still straight
strange stuff such suddenly suppose sure suspect suspicion take taken takes taking tell ten thank thing think third
thirty thought thousand thousands three time times today together told tomorrow too took total totally toward tried
truly try trying turn turned turns twelve twenty twice two typical typically understand unless until use useful usual
usually ve wait want wants wasn way ways week well went weren whatever whenever whether who whole whose wish won
wonder wondering worry worth wouldn wrong year years yes yesterday yet zero
"""
IDLE_WORDS = frozenset(_IDLE_WORDS.split()) | PLAIN_WORDS
