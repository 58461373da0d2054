import './base.css'
import './talk.css'
